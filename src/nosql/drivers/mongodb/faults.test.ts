import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { serveMongo, type MongoServer } from '../../../../tools/mongodb-server/serve.ts'
import { toSecret } from '../../../core/setting/secret.ts'
import type { MongoDbConfig } from './config.ts'
import { createDocumentStore, type DocumentStore } from '../../store/document-store.ts'
import type { MongoClient } from 'mongodb'
import { mongodb } from './mongodb-driver.ts'

let server: MongoServer
let store: DocumentStore
const stores: DocumentStore[] = []
let onCommand: (name: string) => void = () => {}

const open = (config: Partial<MongoDbConfig> = {}): DocumentStore => {
  const uri = toSecret(`${server.uri}&serverSelectionTimeoutMS=1200&heartbeatFrequencyMS=500`)
  const opened = createDocumentStore(mongodb(), { database: 'faults', config: { uri, ...config }, scans: 'allow' })
  stores.push(opened)
  return opened
}

beforeEach(async () => {
  onCommand = () => {}
  server = await serveMongo({ onCommand: (command) => onCommand(Object.keys(command)[0] ?? '') })
  store = open()
  await store.collection('items').insertOne({ _id: 'first', n: 1 })
})
afterEach(async () => {
  for (const opened of stores.splice(0)) await opened.disconnect()
  expect(server.open()).toMatchObject({ cursors: 0 })
  await expect.poll(() => server.open().sockets).toBe(0)
  await server.close()
})

const fail = (times: number, data: object): Promise<unknown> =>
  (store.native as MongoClient).db('admin').command({ configureFailPoint: 'failCommand', mode: { times }, data })
const items = () => store.collection('items')
const idsOf = async () => (await items().find({}).toArray()).map(({ _id }) => _id)

const away = { code: 'LEX_ERR_NOSQL_002' }
const unknown = { code: 'LEX_ERR_NOSQL_014' }

describe('a write on MongoDB', () => {
  it('is done once when its answer is lost', async () => {
    await fail(1, { failCommands: ['update'], closeAfter: true })
    await items().updateOne({ _id: 'first' }, { $inc: { n: 1 } })
    expect(await items().findOne({ _id: 'first' })).toEqual({ _id: 'first', n: 2 })
  })

  it.each([
    ['insertOne', () => items().insertOne({ _id: 'a' }), 'insert'],
    ['insertMany', () => items().insertMany([{ _id: 'a' }, { _id: 'b' }]), 'insert'],
    ['updateOne', () => items().updateOne({ _id: 'first' }, { $inc: { n: 1 } }), 'update'],
    ['deleteOne', () => items().deleteOne({ _id: 'first' }), 'delete'],
    ['findOneAndUpdate', () => items().findOneAndUpdate({ _id: 'first' }, { $inc: { n: 1 } }), 'findAndModify'],
  ] as const)('%s has an unknown outcome when every answer is lost', async (_name, work, command) => {
    await fail(2, { failCommands: [command], closeAfter: true })
    const error: unknown = await work().catch((thrown: unknown) => thrown)
    const inner = (error as { errors?: readonly { error: unknown }[] }).errors?.[0]?.error ?? error
    expect(inner).toMatchObject(unknown)
  })

  it.each([true, false])('may be any of those that went together with ordered %s', async (ordered) => {
    const operations = [
      { insertOne: { document: { _id: 'a' } } },
      { updateOne: { filter: { _id: 'first' }, update: { $inc: { n: 1 } } } },
      { deleteOne: { filter: { _id: 'b' } } },
    ]
    await fail(2, { failCommands: ['bulkWrite'], closeAfter: true })
    await expect(items().bulkWrite(operations, { ordered })).rejects.toMatchObject({
      outcome: 'unknown',
      errors: operations.map((_, index) => ({ index, error: unknown })),
    })
    await fail(2, { failCommands: ['insert'], closeAfter: true })
    const documents = ['c', 'd', 'e'].map((_id) => ({ _id }))
    await expect(items().insertMany(documents, { ordered })).rejects.toMatchObject({
      outcome: 'unknown',
      errors: documents.map((_, index) => ({ index, error: unknown })),
    })
  })

  it('says how many documents were changed one by one before its caller left', async () => {
    await items().insertMany([1, 2, 3, 4, 5].map((n) => ({ _id: `d${n}`, n: 2 })))
    const caller = new AbortController()
    let deletions = 0
    onCommand = (name) => {
      if (name === 'delete' && ++deletions === 3) caller.abort(new Error('the caller has left'))
    }
    // What has a budget is read and written here.
    const call = { signal: caller.signal, budget: { maxDocuments: 1000 } }
    await expect(items().deleteMany({ n: 2 }, call)).rejects.toMatchObject({
      ...unknown,
      details: { deletedCount: 2 },
    })
  })

  it('has an unknown outcome when its answer is lost and no server is found for another attempt', async () => {
    await fail(1, { failCommands: ['insert'], closeAfter: true })
    onCommand = (name) => {
      if (name === 'insert') void server.close()
    }
    await expect(items().insertOne({ _id: 'a' })).rejects.toMatchObject(unknown)
  })

  it('is not done when no server is found before it is sent', async () => {
    await server.close()
    // Until the client has noticed it would send, and not know what became of it.
    await new Promise((resolve) => setTimeout(resolve, 100))
    await expect(items().insertOne({ _id: 'a' })).rejects.toMatchObject({
      ...away,
      message: 'MongoDB cannot be reached',
      hint: expect.stringContaining('MONGODB_URI'),
    })
  })

  it('finds the new primary when the old one steps down', async () => {
    await fail(1, { failCommands: ['insert'], errorCode: 10107 })
    await items().insertOne({ _id: 'a' })
    expect(await idsOf()).toEqual(['first', 'a'])
  })

  it('is not done when there is no primary', async () => {
    await fail(5, { failCommands: ['insert'], errorCode: 10107 })
    await expect(items().insertOne({ _id: 'a' })).rejects.toMatchObject(away)
    await fail(0, {})
    expect(await idsOf()).toEqual(['first'])
  })

  it.each([
    [91, unknown],
    [64, unknown],
    [112, { code: 'LEX_ERR_NOSQL_008' }],
    [13, { code: 'LEX_ERR_NOSQL_002', message: 'the credentials cannot be used: MongoDB refused them' }],
    [59, { code: 'LEX_ERR_NOSQL_009' }],
    [2, { code: 'LEX_ERR_NOSQL_005', reason: expect.any(String) }],
  ])('a write on MongoDB that the server refuses with %i', async (errorCode, expected) => {
    await fail(5, { failCommands: ['update'], errorCode })
    const error: unknown = await items()
      .updateOne({ _id: 'first' }, { $inc: { n: 1 } })
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject(expected)
    expect((error as Error).cause).toMatchObject({ code: errorCode })
  })

  it.each([
    ['a deadline', { deadline: () => Date.now() + 80 }],
    ['a signal', { signal: () => AbortSignal.timeout(80) }],
  ])('a write on MongoDB that hangs ends with %s, its outcome unknown', async (_name, make) => {
    await fail(1, { failCommands: ['insert'], blockConnection: true, blockTimeMS: 900 })
    const options = Object.fromEntries(Object.entries(make).map(([name, value]) => [name, value()]))
    const before = Date.now()
    await expect(items().insertOne({ _id: 'a' }, options)).rejects.toMatchObject(unknown)
    expect(Date.now() - before).toBeLessThan(600)
  })
})

describe('a read on MongoDB', () => {
  it('is repeated by the vendor when its answer is lost', async () => {
    await fail(1, { failCommands: ['find'], closeAfter: true })
    expect(await items().findOne({ _id: 'first' })).toEqual({ _id: 'first', n: 1 })
  })

  it('ends with the deadline or the reason of its signal', async () => {
    await fail(2, { failCommands: ['find'], blockConnection: true, blockTimeMS: 900 })
    await expect(items().findOne({}, { deadline: Date.now() + 80 })).rejects.toMatchObject({
      code: 'LEX_ERR_INFRA_002',
    })
    const reason = new Error('the client has left')
    const stop = new AbortController()
    onCommand = (name) => {
      if (name === 'find') stop.abort(reason)
    }
    await expect(items().findOne({}, { signal: stop.signal })).rejects.toBe(reason)
  })

  it('a read and the health check report that the server is away', async () => {
    await server.close()
    await expect(items().findOne({})).rejects.toMatchObject(away)
    expect(await store.healthCheck()).toMatchObject({ status: 'unhealthy', error: away })
  })
})

describe('a stream of changes on MongoDB', () => {
  it('goes on where it was when the connection breaks', async () => {
    const stream = await items().watch()
    const told: unknown[] = []
    let asked = 0
    onCommand = (name) => {
      if (name === 'getMore') asked++
    }
    const reading = (async () => {
      for await (const { documentKey } of stream) {
        told.push(documentKey._id)
        if (told.length === 6) return
      }
    })()
    for (const data of [{ closeConnection: true }, { closeAfter: true }, { errorCode: 10107 }]) {
      const before = { told: told.length, asked }
      await fail(1, { failCommands: ['getMore'], ...data })
      await items().insertOne({ _id: `${told.length} a ${JSON.stringify(data)}` })
      await items().insertOne({ _id: `${told.length} b ${JSON.stringify(data)}` })
      // The first that asks meets the fault.
      await expect.poll(() => asked > before.asked && told.length === before.told + 2, { timeout: 10_000 }).toBe(true)
    }
    await reading
    expect(told).toEqual((await idsOf()).slice(1))
    await expect.poll(() => server.open().cursors, { timeout: 5000 }).toBe(0)
  }, 30_000)

  it('cannot begin after changes that are not kept', async () => {
    await fail(1, { failCommands: ['aggregate'], errorCode: 286 })
    await expect(items().watch()).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_007' })
  })
})

describe('a transaction on MongoDB', () => {
  let attempts = 0
  const transfer = (options = {}) => {
    attempts = 0
    return store.transaction(async (tx) => {
      attempts += 1
      const { n } = (await tx.collection<{ _id: string; n: number }>('items').findOne({ _id: 'first' })) ?? { n: 0 }
      await tx.collection('items').updateOne({ _id: 'first' }, { $set: { n: n + 1 } })
      await tx.collection('items').insertOne({ _id: 'second' })
    }, options)
  }
  const done = async () => {
    expect(await items().find({}).toArray()).toEqual([{ _id: 'first', n: 2 }, { _id: 'second' }])
  }
  const notDone = async () => {
    await fail(0, {})
    expect(await items().find({}).toArray()).toEqual([{ _id: 'first', n: 1 }])
  }

  it.each(['find', 'update', 'insert'])('runs again when the connection breaks at its %s', async (command) => {
    await fail(1, { failCommands: [command], closeConnection: true })
    await transfer()
    expect(attempts).toBe(2)
    await done()
  })

  it.each([112, 251, 10107, 91])('runs again after the transient error %i', async (errorCode) => {
    await fail(1, { failCommands: ['update'], errorCode, errorLabels: ['TransientTransactionError'] })
    await transfer()
    expect(attempts).toBe(2)
    await done()
  })

  it('does not run again for what is wrong with a write', async () => {
    await fail(1, { failCommands: ['update'], errorCode: 121 })
    await expect(transfer()).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_005' })
    expect(attempts).toBe(1)
    await notDone()
  })

  it('stops when its attempts or its time are used up, with the error of the last', async () => {
    await fail(50, { failCommands: ['find'], closeConnection: true })
    await expect(transfer({ attempts: 3 })).rejects.toMatchObject(away)
    expect(attempts).toBe(3)
    const before = Date.now()
    await expect(transfer({ deadline: Date.now() + 100 })).rejects.toMatchObject({ name: expect.any(String) })
    expect(Date.now() - before).toBeLessThan(1500)
    await notDone()
  })

  it.each([1, 3])('is committed once when the answer of its commit is lost %i times', async (times) => {
    await fail(times, { failCommands: ['commitTransaction'], closeAfter: true })
    await transfer()
    expect(attempts).toBe(1)
    await done()
  })

  it('is committed when its commit is lost on the way', async () => {
    await fail(1, { failCommands: ['commitTransaction'], closeConnection: true })
    await transfer()
    await done()
  })

  it('has an unknown outcome when no commit is answered', { timeout: 30_000 }, async () => {
    await fail(50, { failCommands: ['commitTransaction'], closeAfter: true })
    await expect(transfer()).rejects.toMatchObject(unknown)
    expect(attempts).toBe(1)
    await fail(0, {})
    await done()
  })

  it('has an unknown outcome when its commit hangs beyond the deadline', async () => {
    await fail(1, { failCommands: ['commitTransaction'], blockConnection: true, blockTimeMS: 5000 })
    // Long enough for all that comes before the commit, on a machine that has other work.
    await expect(transfer({ deadline: Date.now() + 1500 })).rejects.toMatchObject(unknown)
    await expect.poll(() => server.open().transactions).toBe(0)
    await done()
  })

  it('runs again when its commit meets a conflict', async () => {
    await fail(1, { failCommands: ['commitTransaction'], errorCode: 112, errorLabels: ['TransientTransactionError'] })
    await transfer()
    expect(attempts).toBe(2)
    await done()
  })

  it('leaves no transaction behind', async () => {
    await transfer()
    await expect(store.transaction(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(server.open().transactions).toBe(0)
  })

  it('reads from the primary, whatever is configured for reads', async () => {
    store = open({ readPreference: 'nearest' })
    await transfer()
    await done()
  })
})
