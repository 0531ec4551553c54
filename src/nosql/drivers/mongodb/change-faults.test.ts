import { describe, expect, it, vi } from 'vitest'
import {
  lostAnswer,
  lostRequest,
  refusal,
  startFailingMongo,
  type FailingMongo,
} from '../../../../test/support/failing-mongo.ts'

const over = async (work: (mongo: FailingMongo) => Promise<void>, unheardOf = 0): Promise<void> => {
  const mongo = await startFailingMongo()
  await work(mongo)
  await mongo.close(unheardOf)
}
const items = ({ store }: FailingMongo) => store.collection('items')

describe.concurrent('a stream of changes', () => {
  it.each(Object.entries({ 'is lost': lostRequest, 'is not answered': lostAnswer }))(
    'goes on where it was although its first attempt to go on fails: %s',
    (_name, failure) =>
      over(
        async (mongo) => {
          const stream = await items(mongo).watch()
          await items(mongo).insertOne({ _id: 'a' })
          expect((await stream.next())?.documentKey._id).toBe('a')
          mongo.failWhen((name, count) =>
            (name === 'getMore' || name === 'aggregate') && count === 1 ? failure : undefined,
          )
          const next = stream.next()
          await vi.waitFor(() => expect(mongo.counts.get('getMore')).toBe(1))
          for (const _id of ['b', 'c']) await items(mongo).insertOne({ _id })
          expect([(await next)?.documentKey._id, (await stream.next())?.documentKey._id]).toEqual(['b', 'c'])
          await stream.close()
        },
        Number(failure === lostAnswer),
      ),
    20_000,
  )

  it.each([136, 280, 286])('ends with the error %i, after which it cannot go on', (code) =>
    over(async (mongo) => {
      const stream = await items(mongo).watch()
      mongo.failWhen((name) => (name === 'getMore' ? refusal(code, ['NonResumableChangeStreamError']) : undefined))
      await expect(stream.next()).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_007', cause: { code } })
      expect(stream.closed).toBe(true)
    }),
  )

  it('ends with its signal when the server does not open it', () =>
    over(async (mongo) => {
      mongo.failWhen((name) => (name === 'aggregate' ? { delay: 900 } : undefined))
      const before = Date.now()
      const options = { signal: AbortSignal.timeout(80) }
      await expect(items(mongo).watch(options)).rejects.toMatchObject({ name: 'TimeoutError' })
      expect(Date.now() - before).toBeLessThan(700)
    }))

  it('that ends while the server is away leaves no socket', () =>
    over(async (mongo) => {
      const stop = new AbortController()
      const stream = await items(mongo).watch({ signal: stop.signal })
      const next = stream.next()
      mongo.failWhen((name) => (name === 'getMore' || name === 'aggregate' ? lostRequest : undefined))
      mongo.server.dropConnections()
      const reason = new Error('enough')
      stop.abort(reason)
      await expect(next).rejects.toBe(reason)
    }, 1))
})
