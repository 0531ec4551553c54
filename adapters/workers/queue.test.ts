import { describe, expect, it } from 'vitest'
import { createApplication } from '../../src/runtime/application.ts'
import { RequestContext, type BatchSummary } from '../../src/runtime/index.ts'
import { workers } from './handler.ts'
import type { QueueHandler, QueueOptions } from './queue.ts'

/** Sends a batch of messages, whose bodies are their ids, and tells what the platform and the application were told. */
async function batchOf(ids: readonly string[], queue: QueueHandler | Omit<QueueOptions, 'onBatch'>) {
  const told: string[] = []
  const reports: string[] = []
  const summaries: BatchSummary[] = []
  const app = createApplication({
    name: 'test',
    onError: ({ error, phase, subject }) => reports.push(`${phase} ${subject}: ${(error as Error).message}`),
  })
  const options = typeof queue === 'function' ? { handler: queue } : queue
  const messages = ids.map((id) => ({
    id,
    get body() {
      if (id === 'unreadable') throw new Error('the body cannot be read')
      return id
    },
    timestamp: new Date(0),
    attempts: 1,
    ack: () => void told.push(`ack ${id}`),
    retry(given?: { delaySeconds?: number }) {
      // As workerd refuses a number of more than 32 bits.
      if (given?.delaySeconds === Infinity) throw new TypeError('Value out of range')
      told.push(`retry ${id} ${given?.delaySeconds}`)
    },
  }))
  const worker = workers(app, { queue: { ...options, onBatch: (summary) => void summaries.push(summary) } })
  await worker.queue({ queue: 'jobs', messages }, {}, { waitUntil: () => {} })
  return { told, reports, summary: summaries[0] }
}

describe('a message of a queue', () => {
  it('has its own id as the request’s', async () => {
    const seen: unknown[] = []
    await batchOf(
      ['a'],
      async (message, scope) => void seen.push(message.requestId, (await scope.resolve(RequestContext)).requestId),
    )
    expect(seen).toEqual(['a', 'a'])
  })

  it('is named in the report of its failure', async () => {
    const { reports } = await batchOf(['a', 'b'], ({ id }) =>
      id === 'b' ? Promise.reject(new Error('no')) : undefined,
    )
    expect(reports).toEqual(['handler b: no'])
  })

  it('a message of a queue that cannot be read fails by itself', async () => {
    const { told, reports } = await batchOf(['a', 'unreadable', 'b'], () => {})
    expect(told).toEqual(['ack a', 'retry unreadable undefined', 'ack b'])
    expect(reports).toEqual(['handler unreadable: the body cannot be read'])
  })

  it('is delivered again, though sooner, when the platform refuses the delay', async () => {
    const handler = (): never => {
      throw new Error('no')
    }
    const { told, reports, summary } = await batchOf(['a'], { handler, retryDelay: Infinity })
    expect([told, summary?.handedBack]).toEqual([['retry a undefined'], ['a']])
    expect(reports).toEqual(['handler a: no', 'handler a: Value out of range'])
  })

  it('is named in the report of its background work’s failure', async () => {
    const { reports } = await batchOf(['a'], async (_message, scope) =>
      (await scope.resolve(RequestContext)).waitUntil(Promise.reject(new Error('no'))),
    )
    expect(reports).toEqual(['waitUntil a: no'])
  })
})

describe('a whole batch of a queue', () => {
  it('is known by the queue’s name', async () => {
    const seen: string[] = []
    await batchOf(['a'], (_message, _scope, { queue }) => void seen.push(queue))
    expect(seen).toEqual(['jobs'])
  })

  it('is acknowledged by ackAll, also where it has not begun', async () => {
    const began: string[] = []
    const { told, summary } = await batchOf(['a', 'b', 'c'], ({ id }, _scope, batch) => {
      began.push(id)
      batch.ackAll()
    })
    expect([began, told]).toEqual([['a'], ['ack a', 'ack b', 'ack c']])
    expect(summary).toEqual({ source: 'jobs', done: ['a', 'b', 'c'], handedBack: [] })
  })

  it('is delivered again by retryAll, also where it has not begun', async () => {
    const began: string[] = []
    const { told, summary } = await batchOf(['a', 'b', 'c'], ({ id }, _scope, batch) => {
      began.push(id)
      batch.retryAll({ delaySeconds: 60 })
    })
    expect([began, told]).toEqual([['a'], ['retry a 60', 'retry b 60', 'retry c 60']])
    expect(summary).toEqual({ source: 'jobs', done: [], handedBack: ['a', 'b', 'c'] })
  })

  it('leaves messages alone that were decided before', async () => {
    const { told } = await batchOf(['a', 'b', 'c'], (message, _scope, batch) => {
      if (message.id === 'a') return message.retry()
      return batch.ackAll()
    })
    expect(told).toEqual(['retry a undefined', 'ack b', 'ack c'])
  })

  it('is decided by the first call', async () => {
    const { told } = await batchOf(['a', 'b'], (_message, _scope, batch) => {
      batch.retryAll()
      batch.ackAll()
    })
    expect(told).toEqual(['retry a undefined', 'retry b undefined'])
  })

  it('decides for messages in flight, whatever their outcome', async () => {
    const gate = Promise.withResolvers<void>()
    const handler: QueueHandler = async ({ id }, _scope, batch) => {
      if (id === 'b') {
        batch.ackAll()
        return gate.resolve()
      }
      await gate.promise
      throw new Error('late')
    }
    const { told, reports } = await batchOf(['a', 'b'], { handler, concurrency: 2 })
    expect([told, reports]).toEqual([['ack a', 'ack b'], ['handler a: late']])
  })
})

describe('options of a queue', () => {
  const handler = (): void => {}

  it.each([
    [null, 'queue must be a function, or an object with a handler'],
    [{}, 'queue must be a function, or an object with a handler'],
    [{ handler, concurrency: 0 }, "'concurrency' must be a number of at least 1"],
    [{ handler, concurrency: Number.NaN }, "'concurrency' must be a number of at least 1"],
    [{ handler, retryDelay: -1 }, "'retryDelay' must be a number of at least 0"],
  ])('refuse %j', (queue, message) => {
    expect(() => workers(createApplication({ name: 'test' }), { queue: queue as never })).toThrow(message)
  })
})
