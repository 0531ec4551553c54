import { serveMongo } from '../../tools/mongodb-server/serve.ts'
import { customers } from '../engine/documents.ts'
import { loadVendor } from '../../src/nosql/drivers/mongodb/transport/vendor.ts'

// A separate process: only what a client does is measured.
const server = await serveMongo()
const { MongoClient } = await loadVendor()
const client = await MongoClient.connect(server.uri)
await client
  .db('bench')
  .collection<{ _id: number }>('customers')
  .insertMany(customers.slice(0, 1000).map((customer) => ({ ...customer })))
await client
  .db('bench')
  .collection<{ _id: string }>('products')
  .insertOne({ _id: '42', ...{ name: 'lamp' } })
await client.close()
process.send?.(server.uri)
