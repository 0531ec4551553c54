import { describe, expect, it } from 'vitest'
import {
  garbage,
  lostAnswer,
  lostRequest,
  refusal,
  startFailingMongo,
  type FailingMongo,
  type FailureRule,
} from '../../../../test/support/failing-mongo.ts'
import type { Failure } from '../../../../tools/mongodb-server/fail-point.ts'

/** Tests run at the same time: most of it is the vendor's wait before it looks for the server again. */
const over = async (work: (mongo: FailingMongo) => Promise<void>): Promise<void> => {
  const mongo = await startFailingMongo({}, 'retryWrites=true&socketTimeoutMS=400&connectTimeoutMS=300')
  await work(mongo)
  await mongo.close()
}

const away = { code: 'LEX_ERR_NOSQL_002' }
const unknown = { code: 'LEX_ERR_NOSQL_014' }
const retryable = ['RetryableWriteError']
const transient = ['TransientTransactionError']

/** What happens to the commands of a name, in order; the rest is answered. */
const inOrder =
  (command: string, ...failures: readonly Failure[]): FailureRule =>
  (name, count) =>
    name === command ? failures[count - 1] : undefined
const always =
  (command: string, failure: Failure): FailureRule =>
  (name) =>
    name === command ? failure : undefined

describe.concurrent('a getMore that fails', () => {
  const failures: Readonly<Record<string, Failure>> = {
    'is lost': lostRequest,
    'is not answered': lostAnswer,
    'is answered by garbage': garbage,
    'finds no cursor': refusal(43),
    'meets a server that shuts down': refusal(11600),
    'meets a member that stepped down': refusal(10107),
  }
  const fill = ({ store }: FailingMongo) =>
    store.collection('items').insertMany(Array.from({ length: 150 }, (_, n) => ({ _id: `d${n}` })))

  it.each(Object.entries(failures))('%s: its caller never takes a part for the whole', (_name, failure) =>
    over(async (mongo) => {
      await fill(mongo)
      mongo.failWhen(always('getMore', failure))
      let seen = 0
      const loop = async () => {
        for await (const _ of mongo.store.collection('items').find({})) seen++
      }
      await expect(loop()).rejects.toMatchObject(away)
      expect(seen).toBe(101)
    }),
  )

  it.each(Object.entries(failures))('%s: an aggregation never returns a part', (_name, failure) =>
    over(async (mongo) => {
      await fill(mongo)
      mongo.failWhen(always('getMore', failure))
      await expect(mongo.store.collection('items').aggregate([]).toArray()).rejects.toMatchObject(away)
    }),
  )

  it.each(Object.entries({ 'is not answered': lostAnswer, 'is answered by garbage': garbage }))(
    'a killCursors that %s does not disturb a caller that leaves',
    (_name, failure) =>
      over(async (mongo) => {
        await fill(mongo)
        mongo.failWhen(inOrder('killCursors', failure))
        for await (const _ of mongo.store.collection('items').find({})) break
        expect(await mongo.store.collection('items').findOne({ _id: 'd1' })).toEqual({ _id: 'd1' })
        expect(mongo.counts.get('killCursors')).toBe(1)
      }),
  )
})

describe.concurrent('a commit', () => {
  interface Commit {
    readonly attempts: number
    readonly error?: unknown
    /** How many documents it has left. */
    readonly count: number
  }
  const commit = async (mongo: FailingMongo, rule: FailureRule): Promise<Commit> => {
    let attempts = 0
    let error: unknown
    mongo.failWhen(rule)
    const work = mongo.store.transaction(async (tx) => {
      attempts++
      await tx.collection('items').insertOne({ _id: 'a' })
    })
    await work.catch((thrown: unknown) => (error = thrown))
    mongo.failWhen(() => undefined)
    const count = await mongo.store.collection('items').countDocuments({ _id: 'a' })
    return error === undefined ? { attempts, count } : { attempts, error, count }
  }

  it.each<readonly [string, readonly Failure[]]>([
    ['is lost twice in a row', [lostRequest, lostRequest]],
    ['is not answered twice in a row', [lostAnswer, lostAnswer]],
    ['is lost, then not answered', [lostRequest, lostAnswer]],
    ['meets a server that shuts down', [refusal(91), refusal(11600)]],
    ['finds no primary for a while', [refusal(10107, retryable), refusal(10107, retryable)]],
    ['has no time on the server', [refusal(50)]],
    ['is not acknowledged in time', [{ writeConcernError: { code: 64, codeName: 'WriteConcernFailed', errmsg: 'x' } }]],
  ])('a commit that %s is done once', (_name, failures) =>
    over(async (mongo) => {
      expect(await commit(mongo, inOrder('commitTransaction', ...failures))).toEqual({ attempts: 1, count: 1 })
    }),
  )

  it.each([79, 100])('a commit that cannot be acknowledged, with %i, has an unknown outcome', (code) =>
    over(async (mongo) => {
      const failure = { writeConcernError: { code, codeName: 'Some', errmsg: 'x' } }
      const error = expect.objectContaining({ ...unknown, cause: expect.objectContaining({ code }) })
      expect(await commit(mongo, inOrder('commitTransaction', failure))).toEqual({ attempts: 1, count: 1, error })
    }),
  )

  it.each([
    ['no transaction', 251],
    ['a broken rule', 121],
  ])('a commit that is refused after it was not answered has an unknown outcome: %s', (_name, code) =>
    over(async (mongo) => {
      const error = expect.objectContaining({ ...unknown, cause: expect.objectContaining({ code }) })
      const done = await commit(mongo, inOrder('commitTransaction', lostAnswer, refusal(code)))
      expect(done).toEqual({ attempts: 1, count: 1, error })
    }),
  )

  it('a commit that is known to be undone after it was not answered runs the transaction again', () =>
    over(async (mongo) => {
      const done = await commit(mongo, inOrder('commitTransaction', lostRequest, refusal(251, transient)))
      expect(done).toEqual({ attempts: 2, count: 1 })
    }))

  it('a commit that is refused at once is known as not done', () =>
    over(async (mongo) => {
      const error = expect.objectContaining({ code: 'LEX_ERR_NOSQL_005' })
      expect(await commit(mongo, inOrder('commitTransaction', refusal(121)))).toEqual({ attempts: 1, count: 0, error })
    }))

  it.each([
    ['is lost', lostRequest],
    ['is not answered', lostAnswer],
    ['finds no transaction', refusal(251)],
  ])('an abort that %s leaves the reason of the caller', (_name, failure) =>
    over(async (mongo) => {
      mongo.failWhen(always('abortTransaction', failure))
      const reason = new Error('no')
      const work = mongo.store.transaction(async (tx) => {
        await tx.collection('items').insertOne({ _id: 'a' })
        throw reason
      })
      await expect(work).rejects.toBe(reason)
      expect(await mongo.store.collection('items').countDocuments({})).toBe(1)
    }),
  )
})

describe.concurrent('a handshake that fails', () => {
  it.each(Object.entries({ 'is lost': lostRequest, 'is not answered': lostAnswer, 'is garbage': garbage }))(
    '%s: nothing is written before the next one',
    (_name, failure) =>
      over(async (mongo) => {
        const items = mongo.store.collection('items')
        mongo.failWhen((name) => (name === 'hello' || name === 'ismaster' ? failure : undefined))
        mongo.server.dropConnections()
        await expect(items.countDocuments({})).rejects.toMatchObject(away)
        await expect(items.insertOne({ _id: 'a' })).rejects.toMatchObject(away)
        mongo.failWhen(() => undefined)
        await items.insertOne({ _id: 'a' })
        expect(await items.countDocuments({})).toBe(2)
      }),
  )
})
