import { describe, expect, it } from 'vitest'
import { createApplication } from '../../src/runtime/application.ts'
import { RequestContext } from '../../src/runtime/index.ts'
import { workers } from './handler.ts'
import type { QueueMessage, WorkersContext } from './platform.ts'

const controller = { scheduledTime: 0, cron: '* * * * *', noRetry: () => {} }

function platform(): { ctx: WorkersContext; work: Promise<unknown>[] } {
  const work: Promise<unknown>[] = []
  return { work, ctx: { waitUntil: (promise) => void work.push(promise), passThroughOnException: () => {} } }
}

describe('workers', () => {
  it('refuses a trigger that it has no handler for, by name', async () => {
    const errors: unknown[] = []
    const worker = workers(createApplication({ name: 'test', onError: (error) => errors.push(error) }))
    const { ctx } = platform()
    await expect(worker.scheduled(controller, {}, ctx)).rejects.toThrow(/scheduled event arrived/)
    await expect(worker.queue({ queue: 'jobs', messages: [] }, {}, ctx)).rejects.toThrow(/queue event arrived/)
    expect(errors).toHaveLength(1)
  })

  it('fails and reports a cron run whose handler throws', async () => {
    const errors: unknown[] = []
    const app = createApplication({ name: 'test', onError: (error) => errors.push(error) })
    const worker = workers(app, { scheduled: () => Promise.reject(new Error('cron failed')) })
    await expect(worker.scheduled(controller, {}, platform().ctx)).rejects.toThrow('cron failed')
    expect(errors).toMatchObject([{ message: 'cron failed' }])
  })

  it('gives handlers the derived environment and the platform’s own context', async () => {
    const { ctx } = platform()
    const derived = { NAME: 'derived' }
    const app = createApplication({
      name: 'test',
      async fetch(_request, env: unknown, { scope }) {
        const context = await scope.resolve(RequestContext)
        return Response.json([env === derived, context.env === derived, context.platform === ctx])
      },
    })
    const worker = workers(app, { env: () => derived })
    const response = await worker.fetch(new Request('https://x.test'), {}, ctx)
    expect(await response.json()).toEqual([true, true, true])
  })

  it('leaves no message unhandled, whatever the concurrency', async () => {
    const settled: string[] = []
    const messages = ['a', 'b'].map((id): QueueMessage => ({
      id,
      timestamp: new Date(0),
      body: id,
      attempts: 1,
      ack: () => void settled.push(id),
      retry() {},
    }))
    for (const concurrency of [0, -1, 0.5, Number.NaN]) {
      const worker = workers(createApplication({ name: 'test' }), { queue: { concurrency, handler: () => {} } })
      await worker.queue({ queue: 'jobs', messages }, {}, platform().ctx)
      expect(settled.splice(0)).toEqual(['a', 'b'])
    }
  })

  it('handles as many messages at the same time as it is told to', async () => {
    let running = 0
    let most = 0
    const messages = Array.from({ length: 6 }, (_, i): QueueMessage => ({
      id: `${i}`,
      timestamp: new Date(0),
      body: i,
      attempts: 1,
      ack() {},
      retry() {},
    }))
    const worker = workers(createApplication({ name: 'test' }), {
      queue: {
        concurrency: 3,
        async handler() {
          most = Math.max(most, ++running)
          await new Promise((resolve) => setTimeout(resolve, 1))
          running--
        },
      },
    })
    await worker.queue({ queue: 'jobs', messages }, {}, platform().ctx)
    expect(most).toBe(3)
  })

  it('counts a message by the first word of its handler, and by its outcome where there is none', async () => {
    const platformCalls: string[] = []
    const messages = ['returns', 'fails', 'retries', 'acks and fails'].map((id): QueueMessage => ({
      id,
      timestamp: new Date(0),
      body: id,
      attempts: 1,
      ack: () => void platformCalls.push(`ack ${id}`),
      retry: (options) => void platformCalls.push(`retry ${id} ${options?.delaySeconds ?? '-'}`),
    }))
    const summaries: unknown[] = []
    const errors: unknown[] = []
    const app = createApplication({ name: 'test', onError: (error) => errors.push(error) })
    const worker = workers(app, {
      queue: {
        retryDelay: 7,
        handler(message) {
          if (message.id === 'retries') message.retry({ delaySeconds: 3 })
          if (message.id === 'acks and fails') message.ack()
          if (message.id.includes('fails')) throw new Error(message.id)
        },
        onBatch(summary) {
          summaries.push(summary)
          return Promise.reject(new Error('metrics'))
        },
      },
    })
    await worker.queue({ queue: 'jobs', messages }, {}, platform().ctx)
    expect(platformCalls).toEqual(['ack returns', 'retry fails 7', 'retry retries 3', 'ack acks and fails'])
    expect(summaries).toEqual([
      { queue: 'jobs', acknowledged: ['returns', 'acks and fails'], retried: ['fails', 'retries'] },
    ])
    expect(errors.map(String)).toEqual(['Error: fails', 'Error: acks and fails', 'Error: metrics'])
  })
})
