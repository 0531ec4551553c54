import { Binary, BSONRegExp, Code, DBRef, Decimal128 } from 'mongodb'
import { afterAll, describe, expect, it } from 'vitest'
import { serveMongo } from '../../../../tools/mongodb-server/serve.ts'
import { toSecret } from '../../../core/setting/secret.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { mongodb } from './mongodb-driver.ts'

describe('what passes for a value of the vendor', async () => {
  const server = await serveMongo()
  const config = { uri: toSecret(server.uri) }
  const store = createDocumentStore(mongodb(), { config, database: 'v', scans: 'allow' })
  afterAll(async () => {
    await store.disconnect()
    await server.close()
  })
  const items = store.collection('items')
  class Forged {
    readonly _bsontype = 'Decimal128'
    readonly bytes = new Uint8Array(16)
  }
  const short = Decimal128.fromString('1')
  Object.assign(short, { bytes: new Uint8Array(3) })
  const scoped = new Code('f', { f: () => 1 })

  it.each<readonly [string, unknown]>([
    ['JSON', JSON.parse('{"_bsontype":"Decimal128","bytes":"x"}')],
    ['an object with the fields of a class', { ...Decimal128.fromString('1'), _bsontype: 'Decimal128' }],
    ['an object of a class of another kind', new Forged()],
    ['an object without a class', Object.assign(Object.create(null) as object, { _bsontype: 'MinKey' })],
    ['a value without its bytes', short],
    ['a position beyond its bytes', Object.assign(new Binary(new Uint8Array(2), 5), { position: 9 })],
    ['a text with a null character', Object.assign(new BSONRegExp('a', ''), { pattern: 'a\0b' })],
    ['a reference with operators', new DBRef('users', 1 as never, undefined, { $gt: '' })],
    ['a function within it', scoped],
  ])('is refused: %s', async (_name, value) => {
    const refused = { reason: 'BadValue' }
    await expect(items.insertOne({ value } as never)).rejects.toMatchObject(refused)
    await expect(items.updateOne({}, { $set: { value } })).rejects.toMatchObject(refused)
    await expect(items.findOne({ value: { $eq: value } })).rejects.toMatchObject(refused)
  })

  it('is refused in a pipeline', async () => {
    for (const value of [short, scoped]) {
      const stages = items.aggregate([{ $match: { value } }]).toArray()
      await expect(stages).rejects.toMatchObject({ reason: 'BadValue' })
    }
  })

  it('is refused where it holds itself', async () => {
    const value = new DBRef('users', 1 as never)
    value.oid = value as never
    await expect(items.insertOne({ value })).rejects.toMatchObject({ reason: 'Overflow' })
    await expect(items.findOne({ value })).rejects.toMatchObject({ reason: 'BadValue' })
    await expect(items.updateOne({}, [{ $set: { value } }])).rejects.toMatchObject({ reason: 'Overflow' })
    await expect(items.aggregate([{ $match: { value } }]).toArray()).rejects.toMatchObject({ reason: 'Overflow' })
  })

  it('is refused where the server would look for its pattern', async () => {
    const value = new BSONRegExp('^a', 'x')
    for (const condition of [value, { $in: [value] }, { $ne: value }, { $all: [value] }, { $not: value }]) {
      await expect(items.findOne({ value: condition })).rejects.toMatchObject({ reason: 'BadValue' })
    }
    await expect(items.updateOne({}, { $pull: { value } })).rejects.toMatchObject({ reason: 'BadValue' })
  })
})
