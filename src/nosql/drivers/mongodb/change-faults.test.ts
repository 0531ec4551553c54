import { describe, expect, it, vi } from 'vitest'
import { serveMongo } from '../../../../tools/mongodb-server/serve.ts'
import { toSecret } from '../../../core/setting/secret.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { mongodb } from './mongodb-driver.ts'
import {
  lostAnswer,
  lostRequest,
  refusal,
  startFailingMongo,
  type FailingMongo,
} from '../../../../test/support/failing-mongo.ts'

const over = async (work: (mongo: FailingMongo) => Promise<void>, unheardOf = 0): Promise<void> => {
  // A write that meets the connections that a stream has just lost is sent again.
  const mongo = await startFailingMongo({}, 'retryWrites=true')
  await work(mongo)
  await mongo.close(unheardOf)
}
const items = ({ store }: FailingMongo) => store.collection('items')

const insertion = { operationType: 'insert', documentKey: { _id: 'large' }, wallTime: new Date(5) }
const partOf = (fragment: number, fields: object) => ({
  _id: { _data: `token${fragment}` },
  splitEvent: { fragment, of: 3 },
  ...fields,
})

/** The next event of a stream whose server sends these batches. */
const nextAfter = async (mongo: FailingMongo, batches: readonly (readonly object[])[]) => {
  const stream = await items(mongo).watch()
  mongo.failWhen((name, count) => {
    if (name !== 'getMore') return undefined
    const nextBatch = batches[count - 1] ?? []
    return {
      reply: { cursor: { id: 1n, ns: 'failing.items', nextBatch, postBatchResumeToken: { _data: 'z' } }, ok: 1 },
    }
  })
  const event = await stream.next()
  const token = stream.resumeToken
  await stream.close()
  return { event, token }
}

describe.concurrent('a stream of changes', () => {
  it.each([
    ['one batch', (parts: readonly object[]) => [parts]],
    ['a batch each', (parts: readonly object[]) => parts.map((part) => [part])],
  ])('puts the fragments of a large event together: %s', (_name, batchesOf) =>
    over(async (mongo) => {
      const parts = [partOf(1, insertion), partOf(2, { ns: {} }), partOf(3, { fullDocument: { _id: 'large', n: 1 } })]
      const { event, token } = await nextAfter(mongo, batchesOf(parts))
      expect(event).toEqual({
        _id: { _data: 'token3' },
        operationType: 'insert',
        ns: { coll: 'items' },
        documentKey: { _id: 'large' },
        fullDocument: { _id: 'large', n: 1 },
        wallTime: new Date(5),
      })
      expect(token).toEqual({ _data: 'token3' })
    }),
  )

  it('goes on after an event that is not about a document', () =>
    over(async (mongo) => {
      const other = { _id: { _data: 'token1' }, operationType: 'createIndexes' }
      const { event } = await nextAfter(mongo, [[other, { _id: { _data: 'token2' }, ...insertion }]])
      expect(event?._id).toEqual({ _data: 'token2' })
    }))

  it.each(['drop', 'rename', 'dropDatabase', 'invalidate'])('ends with %s', (operationType) =>
    over(async (mongo) => {
      const last = { _id: { _data: 'token1' }, operationType }
      expect(await nextAfter(mongo, [[last, { _id: { _data: 'token2' }, ...insertion }]])).toMatchObject({
        event: null,
      })
    }),
  )

  it('asks servers before 7.0 for no fragments', async () => {
    for (const [maxWireVersion, expected] of [
      [20, 0],
      [21, 1],
    ] as const) {
      const pipelines: unknown[][] = []
      const server = await serveMongo({
        hello: { maxWireVersion },
        onCommand: ({ pipeline }) => void (Array.isArray(pipeline) && pipelines.push(pipeline)),
      })
      const store = createDocumentStore(mongodb(), { config: { uri: toSecret(server.uri) }, scans: 'allow' })
      await (await store.collection('items').watch()).close()
      await store.disconnect()
      await server.close()
      expect(pipelines.flat().filter((stage) => '$changeStreamSplitLargeEvent' in (stage as object))).toHaveLength(
        expected,
      )
    }
  })

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

  it('a stream of changes that ends while the server is away leaves no socket', () =>
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

// One after the other: each needs its server to be quick.
describe('a stream of changes after an error', () => {
  it.each([6, 7, 63, 89, 91, 150, 189, 234, 262, 9001, 10_107, 11_602, 13_388, 13_435, 13_436])(
    'goes on after the error %i if the server says that it may',
    (code) =>
      over(async (mongo) => {
        const stream = await items(mongo).watch()
        mongo.failWhen((name, count) =>
          name === 'getMore' && count === 1 ? refusal(code, ['ResumableChangeStreamError']) : undefined,
        )
        await items(mongo).insertOne({ _id: 'a' })
        expect((await stream.next())?.documentKey._id).toBe('a')
        expect(mongo.counts.get('aggregate')).toBe(1)
        await stream.close()
      }),
  )

  it('goes on after a cursor that the server has lost', () =>
    over(async (mongo) => {
      const stream = await items(mongo).watch()
      mongo.failWhen((name, count) => (name === 'getMore' && count === 1 ? refusal(43) : undefined))
      await items(mongo).insertOne({ _id: 'a' })
      expect((await stream.next())?.documentKey._id).toBe('a')
      await stream.close()
    }))

  it.each([
    ['an error that the server does not call resumable', 'getMore', [] as readonly string[]],
    ['an error of the first command', 'aggregate', ['ResumableChangeStreamError']],
  ])('ends with %s', (_what, command, labels) =>
    over(async (mongo) => {
      mongo.failWhen((name) => (name === command ? refusal(11_601, labels) : undefined))
      await expect(
        items(mongo)
          .watch()
          .then((stream) => stream.next()),
      ).rejects.toMatchObject({ cause: { code: 11_601 } })
      expect(mongo.counts.get('aggregate')).toBe(1)
    }),
  )
})
