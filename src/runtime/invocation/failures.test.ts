import { describe, expect, it } from 'vitest'
import { ConflictError, TimeoutError } from '../../core/errors.ts'
import { err } from '../../core/result/result.ts'
import { createApplication } from '../application.ts'
import type { ApplicationOptions, Fetch, ReportedError } from '../application-options.ts'
import { sharedRuntime } from '../runtime-traits.ts'
import { RequestContext, type Invocation } from './request-context.ts'

function harness(fetch: Fetch, options: Partial<ApplicationOptions> = {}) {
  const reports: [phase: string, error: unknown][] = []
  const onError = ({ error, phase }: ReportedError): void => void reports.push([phase, error])
  const app = createApplication({ name: 'test', fetch, onError, ...options })
  const send = (init: RequestInit = {}, invocation: Partial<Invocation> = {}) =>
    app.handle(new Request('https://x.test', init), { env: {}, waitUntil: () => {}, ...invocation }, sharedRuntime)
  return { send, reports }
}

describe('what a handler throws', () => {
  it.each([
    ['password=hunter2 at db.internal'],
    [{ code: 'ECONNREFUSED', message: 'connect 10.0.0.5:5432 hunter2' }],
    [7],
  ])('is a reported 500 that says nothing, for %o', async (thrown) => {
    const { send, reports } = harness(() => Promise.reject(thrown))
    const response = await send()
    expect(response.status).toBe(500)
    expect(await response.text()).not.toMatch(/hunter2|ECONNREFUSED/)
    expect(reports).toEqual([['handler', thrown]])
  })
})

it('the context’s methods can be called off it', async () => {
  const passed: string[] = []
  const { send } = harness(
    (_request, _env, { waitUntil, passThroughOnException, problem }) => {
      waitUntil(Promise.resolve())
      passThroughOnException()
      return problem(err('SOLD_OUT'))
    },
    { statuses: { SOLD_OUT: 409 } },
  )
  const response = await send(
    {},
    { waitUntil: () => void passed.push('work'), passThroughOnException: () => passed.push('through') > 0 },
  )
  expect([response.status, ...passed]).toEqual([409, 'work', 'through'])
})

it('an answer to HEAD does not wait for a source that cannot be stopped', async () => {
  const { send } = harness(() => new Response(new ReadableStream({ cancel: () => new Promise(() => {}) })))
  expect((await send({ method: 'HEAD' })).body).toBeNull()
})

describe('context.problem', () => {
  const asked = (failure: unknown, options: Partial<ApplicationOptions> = {}) =>
    harness((_request, _env, context) => context.problem(failure), options)

  it('tells the text of an Err without a report', async () => {
    const { send, reports } = asked(err('there is not enough'))
    expect(await (await send()).json()).toMatchObject({ status: 400, detail: 'there is not enough' })
    expect(reports).toEqual([])
  })

  it('answers the text of an Err by the application’s statuses', async () => {
    const { send } = asked(err('SOLD_OUT'), { statuses: { SOLD_OUT: 409 } })
    expect(await (await send()).json()).toMatchObject({ status: 409, code: 'SOLD_OUT' })
  })

  it('has the type that the application has for its codes, also without a handler for HTTP', async () => {
    const problemTypes = 'https://docs.example.com/errors.html#'
    const { send } = asked(err('SOLD_OUT'), { statuses: { SOLD_OUT: 409 }, problemTypes })
    expect(await (await send()).json()).toMatchObject({ type: `${problemTypes}SOLD_OUT` })
    const app = createApplication({ name: 'no http', problemTypes })
    const answer = await app.handle(
      new Request('https://example.com/'),
      { env: {}, waitUntil: () => {} },
      sharedRuntime,
    )
    expect(await answer.json()).toMatchObject({ status: 404, type: `${problemTypes}LEX_ERR_DOM_002` })
  })

  it('reports the error of an Err that is not the caller’s fault, not the Err', async () => {
    const error = new Error('bug')
    const { send, reports } = asked(err(error))
    expect((await send()).status).toBe(500)
    expect(reports).toEqual([['handler', error]])
  })

  it('says nothing of text that is not in an Err', async () => {
    const { send, reports } = asked('password=hunter2')
    expect(await (await send()).text()).not.toContain('hunter2')
    expect(reports).toEqual([['handler', 'password=hunter2']])
  })
})

describe('a caller who has left', () => {
  const client = (): AbortController => new AbortController()
  /** Leaves during the request, and has the handler throw what `failure` makes of the signal's reason. */
  const leaving = (failure: (reason: unknown) => unknown, left = client()) => {
    const tested = harness(async (_request, _env, { scope }) => {
      const { signal } = await scope.resolve(RequestContext)
      left.abort()
      throw failure(signal.reason)
    })
    return { ...tested, answer: () => tested.send({ signal: left.signal }) }
  }

  it.each<[string, (reason: unknown) => unknown]>([
    ['the reason of the signal', (reason) => reason],
    ['a statement that was given up', (cause) => new TimeoutError('given up', { cause })],
    ['an error with the reason deep in it', (cause) => new Error('a', { cause: new Error('b', { cause }) })],
    ['an error of fetch', () => new DOMException('aborted', 'AbortError')],
  ])('is not a failure of the handler that throws %s', async (_what, failure) => {
    const { answer, reports } = leaving(failure)
    expect((await answer()).status).toBe(499)
    expect(reports).toEqual([])
  })

  it('does not hide a bug', async () => {
    const { answer, reports } = leaving(() => new TypeError('x is undefined'))
    expect((await answer()).status).toBe(500)
    expect(reports).toMatchObject([['handler', { message: 'x is undefined' }]])
  })

  it('does not hide an expected failure', async () => {
    const { answer } = leaving(() => new ConflictError('taken'))
    expect((await answer()).status).toBe(409)
  })

  it('is distinguished from a deadline that has passed before', async () => {
    const left = client()
    const { send, reports } = harness(async (_request, _env, { scope }) => {
      const { signal } = await scope.resolve(RequestContext)
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      left.abort()
      throw signal.reason
    })
    const response = await send({ signal: left.signal }, { deadline: Date.now() })
    expect(response.status).toBe(504)
    expect(reports).toMatchObject([['handler', { message: 'the request cannot complete: its deadline has passed' }]])
  })

  it('is not seen in an error of fetch while the caller is there', async () => {
    const { send, reports } = harness(() => Promise.reject(new DOMException('aborted', 'AbortError')))
    expect((await send()).status).toBe(500)
    expect(reports).toHaveLength(1)
  })
})
