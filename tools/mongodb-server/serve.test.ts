import { MongoClient, type MongoClientOptions } from 'mongodb'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { serveMongo, type MongoServer, type MongoServerOptions } from './serve.ts'

let server: MongoServer
let client: MongoClient
const options: MongoClientOptions = { serverSelectionTimeoutMS: 2000, serverMonitoringMode: 'poll' }

async function start(settings: MongoServerOptions = {}, more: MongoClientOptions = {}): Promise<void> {
  server = await serveMongo(settings)
  client = new MongoClient(server.uri, { ...options, ...more })
}
beforeEach(() => start())
afterEach(async () => {
  await client.close()
  await server.close()
})

const failPoint = (data: object, mode: object = { times: 1 }) =>
  client.db('admin').command({ configureFailPoint: 'failCommand', mode, data })

describe('the official client on the MongoDB server', () => {
  it('writes, reads and counts', async () => {
    const users = client.db('app').collection<{ _id: number; n: number }>('users')
    await users.insertMany([1, 2, 3].map((n) => ({ _id: n, n })))
    expect(
      await users
        .find({ n: { $gte: 2 } })
        .sort({ n: -1 })
        .toArray(),
    ).toEqual([
      { _id: 3, n: 3 },
      { _id: 2, n: 2 },
    ])
    expect(await users.countDocuments({ n: { $lt: 3 } })).toBe(2)
    expect(await users.aggregate([{ $group: { _id: null, sum: { $sum: '$n' } } }]).toArray()).toEqual([
      { _id: null, sum: 6 },
    ])
  })

  it('leaves no cursor open after an answer of several batches', async () => {
    const many = client.db('app').collection('many')
    await many.insertMany(Array.from({ length: 500 }, (_, n) => ({ n })))
    expect(await many.find().batchSize(50).toArray()).toHaveLength(500)
    for await (const _one of many.find().batchSize(50)) break
    expect(server.open().cursors).toBe(0)
  })

  it('ends a batch before it is larger than an answer may be', async () => {
    const database = client.db('app')
    const text = 'x'.repeat(6 * 2 ** 20)
    await database.collection('large').insertMany([1, 2, 3, 4].map((n) => ({ n, text })))
    const { cursor } = await database.command({ find: 'large', batchSize: 1 })
    const more = { getMore: cursor.id, collection: 'large' }
    const batches = [await database.command(more), await database.command(more)]
    expect(batches.map(({ cursor: { nextBatch } }) => nextBatch.length)).toEqual([2, 1])
    expect(server.open().cursors).toBe(0)
  })

  it('gets MongoDB’s code for a duplicate key', async () => {
    const users = client.db('app').collection('users')
    await users.createIndex({ email: 1 }, { unique: true })
    await users.insertOne({ email: 'a@b.c' })
    await expect(users.insertOne({ email: 'a@b.c' })).rejects.toMatchObject({ code: 11000, keyPattern: { email: 1 } })
  })

  it('upserts and modifies one', async () => {
    const users = client.db('app').collection<{ _id: string; n: number }>('users')
    expect(await users.updateOne({ _id: 'a' }, { $inc: { n: 1 } }, { upsert: true })).toMatchObject({ upsertedId: 'a' })
    expect(await users.findOneAndUpdate({ _id: 'a' }, { $inc: { n: 1 } }, { returnDocument: 'after' })).toEqual({
      _id: 'a',
      n: 2,
    })
  })

  it('keeps only what a committed transaction wrote', async () => {
    const accounts = client.db('app').collection<{ _id: string; n: number }>('accounts')
    await accounts.insertOne({ _id: 'a', n: 1 })
    await client.withSession(async (session) => {
      await session.withTransaction(async () => {
        await accounts.updateOne({ _id: 'a' }, { $inc: { n: 1 } }, { session })
      })
      const failed = session.withTransaction(async () => {
        await accounts.updateOne({ _id: 'a' }, { $inc: { n: 10 } }, { session })
        throw new Error('no')
      })
      await expect(failed).rejects.toThrow('no')
    })
    expect(await accounts.findOne({ _id: 'a' })).toEqual({ _id: 'a', n: 2 })
    expect(server.open().transactions).toBe(0)
  })

  it('counts the increments of rival transactions', async () => {
    const accounts = client.db('app').collection<{ _id: string; n: number }>('accounts')
    await accounts.insertOne({ _id: 'a', n: 0 })
    const increment = () =>
      client.withSession((session) =>
        session.withTransaction(async () => {
          const { n } = (await accounts.findOne({ _id: 'a' }, { session })) ?? { n: 0 }
          await accounts.updateOne({ _id: 'a' }, { $set: { n: n + 1 } }, { session })
        }),
      )
    await Promise.all(Array.from({ length: 5 }, increment))
    expect(await accounts.findOne({ _id: 'a' })).toEqual({ _id: 'a', n: 5 })
  })

  it('repeats a write whose answer was lost, which is then done once', async () => {
    const users = client.db('app').collection<{ _id: string; n: number }>('users')
    await users.insertOne({ _id: 'a', n: 0 })
    await failPoint({ failCommands: ['update'], closeAfter: true })
    await users.updateOne({ _id: 'a' }, { $inc: { n: 1 } })
    expect(await users.findOne({ _id: 'a' })).toEqual({ _id: 'a', n: 1 })
  })

  it('keeps 64-bit integers apart from doubles', async () => {
    const values = client.db('app', { useBigInt64: true }).collection('values')
    await values.insertOne({ _id: 'a' as never, long: 9_007_199_254_740_993n, whole: 5, fraction: 0.5 })
    expect(await values.findOne({ long: { $gt: 9_007_199_254_740_992n } }, { useBigInt64: true })).toMatchObject({
      long: 9_007_199_254_740_993n,
      fraction: 0.5,
    })
  })
})

describe('a MongoDB server with users', () => {
  const users = { ada: 'pa,ss=word' }
  const connectAs = async (password: string) => {
    await client.close()
    await server.close()
    await start({ users }, { auth: { username: 'ada', password } })
    return client
      .db('app')
      .command({ ping: 1 })
      .then(() => client.db('app').collection('a').findOne({}))
  }

  it('lets the right password in', async () => {
    expect(await connectAs('pa,ss=word')).toBe(null)
  })

  it('refuses a wrong one', async () => {
    await expect(connectAs('wrong')).rejects.toThrow('Authentication failed')
  })
})
