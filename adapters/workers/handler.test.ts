import { describe, expect, it } from 'vitest'
import { provider } from '../../src/runtime/provider.ts'
import { createApplication } from '../../src/runtime/application.ts'
import { NotFoundError } from '../../src/core/errors.ts'
import { RequestContext, type ReportedError } from '../../src/runtime/index.ts'
import { workers } from './handler.ts'
import type { QueueMessage, WorkersContext } from './platform.ts'

const controller = { scheduledTime: 0, cron: '* * * * *', noRetry: () => {} }

function platform(): { ctx: WorkersContext; work: Promise<unknown>[] } {
  const work: Promise<unknown>[] = []
  return { work, ctx: { waitUntil: (promise) => void work.push(promise), passThroughOnException: () => {} } }
}

const nothing = (): void => {}

function messagesOf(
  ids: readonly string[],
  onAck: (id: string) => void = nothing,
  onRetry: (id: string) => void = nothing,
): QueueMessage[] {
  return ids.map((id) => ({
    id,
    timestamp: new Date(0),
    body: id,
    attempts: 1,
    ack: () => onAck(id),
    retry: () => onRetry(id),
  }))
}

describe('workers', () => {
  it('refuses a trigger that it has no handler for, by name', async () => {
    const errors: unknown[] = []
    const worker = workers(createApplication({ name: 'test', onError: ({ error }) => errors.push(error) }))
    const { ctx } = platform()
    await expect(worker.scheduled(controller, {}, ctx)).rejects.toThrow(/scheduled event cannot be handled/)
    await expect(worker.queue({ queue: 'jobs', messages: [] }, {}, ctx)).rejects.toThrow(
      /queue event cannot be handled/,
    )
    expect(errors).toHaveLength(1)
  })

  describe('with a handler that asks to pass through', () => {
    const failing = (error: Error, errors: unknown[] = []) =>
      workers(
        createApplication({
          name: 'test',
          onError: (report) => void errors.push(report.error),
          fetch: (_request, _env, context) => {
            context.passThroughOnException()
            throw error
          },
        }),
      )
    const request = new Request('https://x.test/')

    it('leaves an exception to the platform after a report', async () => {
      const errors: unknown[] = []
      const worker = failing(new Error('down'), errors)
      await expect(worker.fetch(request, {}, platform().ctx)).rejects.toThrow('down')
      expect(errors).toMatchObject([{ message: 'down' }])
    })

    it('answers what is the fault of the caller', async () => {
      expect((await failing(new NotFoundError('no such page')).fetch(request, {}, platform().ctx)).status).toBe(404)
    })

    it('answers an exception where the platform has no origin', async () => {
      expect((await failing(new Error('down')).fetch(request, {}, { waitUntil: nothing })).status).toBe(500)
    })
  })

  it('fails a cron run whose handler throws, after a report', async () => {
    const errors: unknown[] = []
    const app = createApplication({ name: 'test', onError: ({ error }) => errors.push(error) })
    const worker = workers(app, { scheduled: () => Promise.reject(new Error('cron failed')) })
    await expect(worker.scheduled(controller, {}, platform().ctx)).rejects.toThrow('cron failed')
    expect(errors).toMatchObject([{ message: 'cron failed' }])
  })

  it('knows the client’s address from the header that Cloudflare sets', async () => {
    const app = createApplication({
      name: 'test',
      fetch: (_request, _env, { clientAddress }) => Response.json({ clientAddress }),
    })
    const addressFor = async (headers: Record<string, string>): Promise<unknown> =>
      (await workers(app).fetch(new Request('https://x.test', { headers }), {}, platform().ctx)).json()
    expect(await addressFor({ 'cf-connecting-ip': '192.0.2.1', 'x-forwarded-for': 'spoofed' })).toEqual({
      clientAddress: '192.0.2.1',
    })
    expect(await addressFor({ 'x-forwarded-for': 'spoofed' })).toEqual({})
  })

  it('passes handlers the derived environment and the platform’s own context', async () => {
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

  it.each([
    { concurrency: 0 },
    { concurrency: Number.NaN },
    { concurrency: 'five' as never },
    { retryDelay: -1 },
    { retryDelay: Number.NaN },
    { handler: undefined as never },
  ])('refuses wrong options of a queue: %o', (options) => {
    const queue = { handler: () => {}, ...options }
    expect(() => workers(createApplication({ name: 'test' }), { queue })).toThrow(Object.keys(options)[0])
  })

  it('handles all messages at the same time where there is no limit', async () => {
    const settled: string[] = []
    const messages = messagesOf(['a', 'b'], (id) => void settled.push(id))
    const queue = { concurrency: Infinity, handler: () => {} }
    const worker = workers(createApplication({ name: 'test' }), { queue })
    await worker.queue({ queue: 'jobs', messages }, {}, platform().ctx)
    expect(settled).toEqual(['a', 'b'])
  })

  it('has every message delivered again when the application does not boot', async () => {
    const errors: unknown[] = []
    const broken = provider('broken', { boot: () => Promise.reject(new Error('no database')) })
    const onError = ({ error, phase }: ReportedError): void => void errors.push([phase, (error as Error).message])
    const app = createApplication({ name: 'test', providers: [broken], onError })
    const retried: string[] = []
    const messages = messagesOf(['a', 'b'], undefined, (id) => void retried.push(id))
    const summaries: unknown[] = []
    const queue = { handler: () => {}, onBatch: (summary: unknown) => summaries.push(summary) }
    const worker = workers(app, { queue, scheduled: () => {} })
    await worker.queue({ queue: 'jobs', messages }, {}, platform().ctx)
    expect([retried, errors]).toEqual([['a', 'b'], [['boot', 'no database']]])
    expect(summaries).toEqual([{ source: 'jobs', done: [], handedBack: ['a', 'b'] }])
    await expect(worker.scheduled(controller, {}, platform().ctx)).rejects.toThrow('no database')
    expect(errors).toHaveLength(2)
    expect(errors[1]).toEqual(['boot', 'no database'])
  })

  it('handles `concurrency` messages at the same time', async () => {
    let running = 0
    let most = 0
    const messages = messagesOf(['a', 'b', 'c', 'd', 'e', 'f'])
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

  it('counts a message by the first word of its handler, else by its outcome', async () => {
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
    const onError = ({ error, subject }: ReportedError) => errors.push(`${subject}: ${String(error)}`)
    const app = createApplication({ name: 'test', onError })
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
      { source: 'jobs', done: ['returns', 'acks and fails'], handedBack: ['fails', 'retries'] },
    ])
    expect(errors).toEqual([
      'fails: Error: fails',
      'acks and fails: Error: acks and fails',
      'undefined: Error: metrics',
    ])
  })
})
