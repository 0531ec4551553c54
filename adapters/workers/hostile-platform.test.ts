import { describe, expect, it } from 'vitest'
import { createApplication } from '../../src/runtime/application.ts'
import { RequestContext } from '../../src/runtime/index.ts'
import { workers } from './handler.ts'
import type { WorkersContext } from './platform.ts'

const context: WorkersContext = { waitUntil: () => {} }

function worker() {
  const reports: string[] = []
  const handled: unknown[] = []
  const app = createApplication({
    name: 'test',
    fetch: async (_request, _env, { scope }) => {
      ;(await scope.resolve(RequestContext)).waitUntil(Promise.resolve())
      return new Response('ok')
    },
    onError: ({ error, phase }) => reports.push(`${phase}: ${(error as Error).message}`),
  })
  const handle = (event: unknown): void => void handled.push(event)
  return { reports, handled, handlers: workers(app, { queue: handle, scheduled: handle, email: handle }) }
}

const message = { id: '1', body: 1, timestamp: new Date(0), attempts: 1, ack: () => {}, retry: () => {} }
const holes: unknown[] = [message]
holes[2] = message

describe('a batch of a queue', () => {
  it.each<[message: string, batch: unknown]>([
    ['the batch of a queue must be an object, not null', null],
    ['the batch of a queue must be an object, not undefined', undefined],
    ['the queue of a batch must be text, not undefined', { messages: [] }],
    ['the messages of a batch must be an array, not null', { queue: 'q', messages: null }],
    ['the messages of a batch must be an array, not a Map', { queue: 'q', messages: new Map() }],
    ['a message of a batch must be an object, not null', { queue: 'q', messages: [null] }],
    ['a message of a batch must be an object, not undefined', { queue: 'q', messages: holes }],
    ['the id of a message must be text, not undefined', { queue: 'q', messages: [{ ...message, id: undefined }] }],
    [
      'the ack of a message must be a function, not null',
      { queue: 'q', messages: [message, { ...message, ack: null }] },
    ],
    [
      'the retry of a message must be a function, not undefined',
      { queue: 'q', messages: [{ id: '1', ack: () => {} }] },
    ],
  ])('is refused before a message is handled: %s', async (text, batch) => {
    const { handlers, handled, reports } = worker()
    await expect(handlers.queue(batch as never, {}, context)).rejects.toMatchObject({
      code: 'LEX_ERR_USE_001',
      message: text,
    })
    expect([reports, handled]).toEqual([[`handler: ${text}`], []])
  })
})

describe('an event of a Worker', () => {
  it.each(['scheduled', 'email'] as const)(
    'an event of a Worker that is not an object is refused by %s',
    async (name) => {
      const { handlers, handled, reports } = worker()
      const text = `the event of ${name} must be an object, not null`
      await expect(handlers[name](null as never, {}, context)).rejects.toMatchObject({
        code: 'LEX_ERR_USE_001',
        message: text,
      })
      expect([reports, handled]).toEqual([[`handler: ${text}`], []])
    },
  )

  it.each([null, undefined, 'https://x.test'])(
    'an event of a Worker that should be a request is a 500: %s',
    async (request) => {
      const { handlers, reports } = worker()
      const { status } = await handlers.fetch(request as never, {}, context)
      expect(status).toBe(500)
      expect(reports).toEqual([expect.stringMatching(/^handler: the request must be a Request, not /)])
    },
  )

  it.each([undefined, null, {}])(
    'an event of a Worker with %j for a context is refused where waitUntil is used',
    async (ctx) => {
      const { handlers, reports } = worker()
      const response = await handlers.fetch(new Request('https://x.test'), {}, ctx as never)
      expect(response.status).toBe(500)
      expect(reports).toContain('handler: the context of a Worker must have waitUntil')
    },
  )
})
