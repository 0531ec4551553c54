import mongoose from 'mongoose'
import { toSecret } from '../../src/core/setting/secret.ts'
import { mongodb } from '../../src/nosql/drivers/mongodb/index.ts'
import { loadVendor } from '../../src/nosql/drivers/mongodb/transport/vendor.ts'
import { createDocumentStore, defineCollection } from '../../src/nosql/index.ts'
import type { Customer } from '../engine/documents.ts'

const uri = process.env['BENCH_MONGODB_URI'] ?? ''

/** The vendor's driver with its own defaults, in the version that the package has; mongoose brings another one. */
export async function raw() {
  const { MongoClient } = await loadVendor()
  const client = await MongoClient.connect(uri)
  return client.db('bench').collection<Customer>('customers')
}

/** With fields that are declared, so that every write is checked against them. */
export function lexigram() {
  const store = createDocumentStore(mongodb(), { database: 'bench', config: { uri: toSecret(uri) }, scans: 'allow' })
  return store.collection(
    defineCollection<Customer>('customers', { fields: { status: 'string', age: 'number', 'address.zip': 'number' } }),
  )
}

export async function peer() {
  const connection = await mongoose.createConnection(uri, { dbName: 'bench' }).asPromise()
  const schema = new mongoose.Schema({
    _id: Number,
    status: String,
    age: Number,
    address: { city: String, zip: Number },
    tags: [String],
    items: [{ sku: String, qty: Number, _id: false }],
  })
  return connection.model('Customer', schema, 'customers')
}
