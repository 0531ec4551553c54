import { PassThrough, Writable } from 'node:stream'
import { createConformanceApplication } from 'lexigram-edge/testing'
import { createApplication, RequestContext, type Application, type Fetch, type ReportedError } from 'lexigram-edge'
import { lambda, type LambdaHandler } from 'lexigram-edge/lambda'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { untilDeadline } from './deadline.ts'
import { itConforms } from '../support/adapter-conformance.ts'
import { eventOf, sampleOf } from './fixtures/events.ts'
import { contextWith, scheduledEvent } from './fixtures/records.ts'

interface Prelude {
  readonly statusCode: number
  readonly headers: Record<string, string>
  readonly cookies: string[]
}
type StreamedHandler = (event: unknown, stream: Writable, context: unknown) => Promise<void>
const preludes = new WeakMap<Writable, Prelude>()

/** What Lambda's Node runtime has: the handler is marked, and the metadata goes out before the first write. */
const awslambda = {
  streamifyResponse: (handler: StreamedHandler) => handler as unknown as LambdaHandler,
  HttpResponseStream: {
    from(stream: Writable, metadata: Prelude) {
      const write = stream.write.bind(stream)
      stream.write = ((...args: Parameters<typeof write>) => {
        stream.write = write
        preludes.set(stream, metadata)
        return write(...args)
      }) as typeof write
      return stream
    },
  },
}
beforeAll(() => void Object.assign(globalThis, { awslambda }))
afterAll(() => void Reflect.deleteProperty(globalThis, 'awslambda'))

interface Call {
  /** When the function has returned. */
  readonly returned: Promise<unknown>
  readonly stream: Writable
}

/** One for all, as an application boots once for each. */
const env = {}

async function call(app: Application, path: string, options: CallOptions = {}): Promise<Call> {
  const { stream = new PassThrough({ highWaterMark: 1024 }), init } = options
  const handler = lambda(app, { env, streaming: true }) as unknown as StreamedHandler
  const event = eventOf('http', await sampleOf(path, init))
  const returned = handler(event, stream, contextWith(60_000))
  // What Lambda's runtime sends the client in trailers.
  returned.catch((error: Error) => stream.destroy(error))
  return { stream, returned }
}
interface CallOptions {
  readonly stream?: Writable
  readonly init?: RequestInit
}

async function settled(call: Promise<Call>): Promise<Call> {
  await (await call).returned.catch(() => {})
  return call
}

/** The response as a client gets it: its head with the first write, its body as it comes. */
async function responseOf({ stream }: Call): Promise<Response> {
  while (!preludes.has(stream) && !stream.destroyed) await new Promise((resolve) => setTimeout(resolve, 1))
  const { statusCode, headers, cookies } = preludes.get(stream)!
  const all: [string, string][] = [
    ...Object.entries(headers),
    ...cookies.map((cookie): [string, string] => ['set-cookie', cookie]),
  ]
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      try {
        for await (const chunk of stream as PassThrough) controller.enqueue(new Uint8Array(chunk as Buffer))
        controller.close()
      } catch (error) {
        controller.error(error)
      }
    },
    cancel: () => void stream.destroy(),
  })
  return new Response([204, 304].includes(statusCode) ? (await body.cancel(), null) : body, {
    status: statusCode,
    headers: all,
  })
}

const { app: conformance } = createConformanceApplication()

describe('the Lambda adapter, streaming', () => {
  const send = async (path: string, init?: RequestInit) =>
    responseOf(await call(conformance, path, init === undefined ? {} : { init }))
  const hangUp = async (path: string): Promise<void> => {
    const { stream, returned } = await call(conformance, path)
    await new Promise((resolve) => stream.once('data', resolve))
    stream.destroy()
    await returned
  }
  itConforms({ send, hangUp, ownRequestIds: true })
})

function applicationOf(fetch: Fetch) {
  const errors: string[] = []
  const onError = ({ error, phase }: ReportedError): void => void errors.push(`${phase}: ${(error as Error).message}`)
  return { errors, app: createApplication({ name: 'test', fetch, onError }) }
}

describe('a streamed answer', () => {
  it('is asked for only as fast as the client takes it', async () => {
    let pulled = 0
    const chunk = new Uint8Array(1024)
    const { app } = applicationOf(() => {
      const pull = (controller: ReadableStreamDefaultController): void => {
        if (++pulled > 200) controller.close()
        else controller.enqueue(chunk)
      }
      return new Response(new ReadableStream({ pull }))
    })
    const { stream, returned } = await call(app, '/')
    await new Promise((resolve) => setTimeout(resolve, 20))
    const before = pulled
    // What the streams on the way may hold, which is far from all of it.
    expect(before).toBeLessThan(100)
    let bytes = 0
    for await (const part of stream as PassThrough) bytes += (part as Buffer).length
    await returned
    expect([bytes, pulled]).toEqual([200 * 1024, 201])
  })

  it('returns after the last byte has been taken, not before', async () => {
    const taken: number[] = []
    const slow = new Writable({
      highWaterMark: 1,
      write(chunk: Buffer, _encoding, callback) {
        setTimeout(() => (taken.push(chunk.length), callback()), 2)
      },
    })
    const { app } = applicationOf(() => new Response('x'.repeat(10)))
    const { returned } = await call(app, '/', { stream: slow })
    await returned
    expect(taken).toEqual([0, 10])
    expect(slow.writableFinished).toBe(true)
  })

  it('a streamed answer without a body still has its status, headers and cookies', async () => {
    const headers = new Headers([
      ['x-test', 'kept'],
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ])
    const { app } = applicationOf(() => new Response(null, { status: 304, headers }))
    const { stream, returned } = await call(app, '/')
    stream.on('data', () => {})
    await returned
    expect(preludes.get(stream)).toEqual({ statusCode: 304, headers: { 'x-test': 'kept' }, cookies: ['a=1', 'b=2'] })
  })

  it('a streamed answer that fails is a problem before its first byte only', async () => {
    const { app, errors } = applicationOf((request) => {
      if (request.url.endsWith('/before')) throw new Error('early')
      let sent = 0
      const pull = (controller: ReadableStreamDefaultController): void => {
        if (sent++ === 0) controller.enqueue(new Uint8Array(1))
        else throw new Error('late')
      }
      return new Response(new ReadableStream({ pull }))
    })
    expect((await responseOf(await call(app, '/before'))).status).toBe(500)
    const { stream, returned } = await call(app, '/after')
    stream.on('data', () => {}).on('error', () => {})
    await expect(returned).rejects.toThrow('late')
    expect([stream.destroyed, stream.writableFinished]).toEqual([true, false])
    expect(errors).toEqual(['handler: early', 'stream: late'])
  })

  it('a streamed answer for a client that has disconnected already is cancelled', async () => {
    const stream = new PassThrough()
    const reasons: string[] = []
    const { app, errors } = applicationOf(() => {
      stream.destroy()
      return new Response(new ReadableStream({ cancel: () => void reasons.push('cancelled') }))
    })
    await (
      await call(app, '/', { stream })
    ).returned
    expect([reasons, errors]).toEqual([['cancelled'], []])
  })

  it('is over at the deadline, begun or not', async () => {
    const { app, errors } = applicationOf((request) => {
      if (request.url.endsWith('/never')) return new Promise<Response>(() => {})
      return new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(1)) }))
    })
    const never = await untilDeadline(() => settled(call(app, '/never')))
    const response = await responseOf(never)
    expect([response.status, await response.json()]).toEqual([504, expect.objectContaining({ status: 504 })])
    await never.returned
    expect(errors).toEqual([expect.stringMatching(/^handler: the work did not end/)])
    const { stream, returned } = await untilDeadline(() => settled(call(app, '/endless')))
    stream.on('error', () => {})
    await expect(returned).rejects.toMatchObject({ code: 'LEX_ERR_INFRA_002' })
    expect(stream.destroyed).toBe(true)
  })

  it('a streamed answer that makes use of the signal has time left to end well', async () => {
    const { app, errors } = applicationOf(async (request, _env, { scope }) => {
      const { signal } = await scope.resolve(RequestContext)
      const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
      if (request.url.endsWith('/late')) return aborted.then(() => new Response('too slow', { status: 503 }))
      const encoder = new TextEncoder()
      const start = async (controller: ReadableStreamDefaultController): Promise<void> => {
        controller.enqueue(encoder.encode('some, '))
        await aborted
        controller.enqueue(encoder.encode('no more'))
        controller.close()
      }
      return new Response(new ReadableStream({ start: (controller) => void start(controller) }))
    })
    for (const [path, body] of Object.entries({ '/late': 'too slow', '/stream': 'some, no more' })) {
      const answered = await untilDeadline(() => settled(call(app, path)))
      expect(await (await responseOf(answered)).text()).toBe(body)
      await answered.returned
    }
    expect(errors).toEqual([])
  })

  it('a streamed answer of an event that is not a request is JSON', async () => {
    const { app } = applicationOf(() => new Response())
    const on = { other: () => ({ answer: 42 }), schedule: () => {} }
    const handler = lambda(app, { env: {}, streaming: true, on }) as unknown as StreamedHandler
    const answerTo = async (event: unknown): Promise<unknown> => {
      const stream = new PassThrough()
      await handler(event, stream, contextWith(60_000))
      return JSON.parse(String(stream.read()))
    }
    expect(await answerTo({})).toEqual({ answer: 42 })
    expect(await answerTo(scheduledEvent)).toBeNull()
  })
})

describe('a runtime that does not stream', () => {
  it('is named where streaming was asked for', () => {
    Reflect.deleteProperty(globalThis, 'awslambda')
    const { app } = applicationOf(() => new Response())
    expect(() => lambda(app, { env: {}, streaming: true })).toThrow(/cannot stream/)
    Object.assign(globalThis, { awslambda })
  })
})
