import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { FirestoreFailure, toReadError } from './errors.ts'
import { fixedToken } from './auth/token-cache.ts'
import { createTransport } from './transport.ts'
import type { Fetch } from './auth/tokens.ts'

const refusal = (code: number, status: string): Response =>
  Response.json({ error: { code, status, message: 'the document users/ada-5512 …' } }, { status: code })

/** A transport whose calls are answered one after the other; the last answer stays. */
function transportOf(...answers: readonly (() => Response | Promise<Response>)[]) {
  let sent = 0
  const send: Fetch = async () => {
    const answer = answers[Math.min(sent, answers.length - 1)]
    sent += 1
    return (answer as () => Response | Promise<Response>)()
  }
  const transport = createTransport({
    baseUrl: 'http://there/v1',
    root: 'projects/p/databases/(default)/documents',
    send,
    tokens: fixedToken('t'),
  })
  const call = (isIdempotent: boolean, context: { deadline?: number; signal?: AbortSignal } = {}): Promise<unknown> =>
    transport.call('commit', {}, { context: { now: 0, ...context }, isIdempotent })
  return { call, sent: () => sent }
}

const ok = (): Response => Response.json({ commitTime: 'now' })

describe('calls that fail', () => {
  it.each([
    ['ABORTED', 409],
    ['RESOURCE_EXHAUSTED', 429],
  ])('%s was not carried out: it is sent again whatever it is', async (status, code) => {
    const { call, sent } = transportOf(() => refusal(code, status), ok)
    expect(await call(false)).toEqual({ commitTime: 'now' })
    expect(sent()).toBe(2)
  })

  it.each([
    ['UNAVAILABLE', 503],
    ['DEADLINE_EXCEEDED', 504],
    ['INTERNAL', 500],
  ])('%s is sent again only where that does no harm', async (status, code) => {
    const harmless = transportOf(() => refusal(code, status), ok)
    expect(await harmless.call(true)).toEqual({ commitTime: 'now' })
    const other = transportOf(() => refusal(code, status), ok)
    await expect(other.call(false)).rejects.toMatchObject({ status, notCarriedOut: false })
    expect(other.sent()).toBe(1)
  })

  it.each([
    ['INVALID_ARGUMENT', 400],
    ['PERMISSION_DENIED', 403],
    ['NOT_FOUND', 404],
    ['FAILED_PRECONDITION', 400],
    ['ALREADY_EXISTS', 409],
  ])('%s is final', async (status, code) => {
    const { call, sent } = transportOf(() => refusal(code, status), ok)
    await expect(call(true)).rejects.toMatchObject({ status })
    expect(sent()).toBe(1)
  })

  it.each([301, 302, 303, 307, 308, 0])('a redirect with %i may come after the call was carried out', async (code) => {
    const answer = { error: { status: 'NOT_FOUND' } }
    const redirect = () => Object.defineProperty(Response.json(answer), 'status', { value: code })
    const { call, sent } = transportOf(redirect, ok)
    const message = `Firestore: a redirect (HTTP ${code})`
    await expect(call(false)).rejects.toMatchObject({ notCarriedOut: false, message })
    expect(sent()).toBe(1)
  })

  it('retries end with the deadline', async () => {
    const { call } = transportOf(() => refusal(503, 'UNAVAILABLE'))
    const began = Date.now()
    await expect(call(true, { deadline: began + 120 })).rejects.toBeInstanceOf(FirestoreFailure)
    expect(Date.now() - began).toBeLessThan(1000)
  })

  const asking = (headers: Record<string, string>, details: readonly unknown[] = []) => {
    const error = { code: 429, status: 'RESOURCE_EXHAUSTED', details }
    return () => Response.json({ error }, { status: 429, headers })
  }
  const retryInfo = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '0.05s' }

  it.each([
    ['the header', asking({ 'retry-after': '0.05' })],
    ['the details of the error', asking({}, [null, retryInfo])],
  ])('no attempt comes before the time that %s names', async (_where, answer) => {
    const { call } = transportOf(answer, ok)
    const began = performance.now()
    await call(false)
    expect(performance.now() - began).toBeGreaterThanOrEqual(49)
  })

  it('a wait beyond the deadline is not begun', async () => {
    const { call, sent } = transportOf(asking({ 'retry-after': '120' }), ok)
    const error: unknown = await call(true).catch((thrown: unknown) => toReadError(thrown))
    expect(sent()).toBe(1)
    expect(error).toMatchObject({
      code: 'LEX_ERR_NOSQL_002',
      hint: 'Try again in 120 seconds: the service asked for this wait.',
      details: { retryAfter: 120_000 },
    })
  })

  it.each([
    ['NETWORK', 'FIRESTORE_EMULATOR_HOST'],
    ['TOKEN_UNAVAILABLE', 'FIRESTORE_CREDENTIALS'],
  ])('an unreachable database is reported with the setting to check: %s', (status, variable) => {
    expect(toReadError(new FirestoreFailure(status))).toMatchObject({ hint: expect.stringContaining(variable) })
  })

  it('a token service that asks for a wait is not said to be out of reach', () => {
    expect(toReadError(new FirestoreFailure('TOKEN_UNAVAILABLE', { retryAfter: 1000 }))).toMatchObject({
      message: 'a token cannot be obtained: Google’s token service is not available',
      hint: 'Try again in 1 second: the service asked for this wait.',
    })
  })

  it.each(['constructor', '__proto__'])('the status %s of an answer is a name like any other', (status) => {
    expect(toReadError(new FirestoreFailure(status)).message).toBe(
      `the request cannot be answered: Firestore failed with ${status}`,
    )
  })

  it.each(["The requested 'read_time' is too old.", 'The requested snapshot version is too old.'])(
    'a read that began too long ago says so: %s',
    (answer) => {
      const error = new FirestoreFailure('FAILED_PRECONDITION', { answer })
      expect(toReadError(error)).toMatchObject({
        code: 'LEX_ERR_NOSQL_010',
        hint: expect.stringContaining('hour') as string,
      })
    },
  )

  it('an abort ends the wait for the next attempt', async () => {
    const { call, sent } = transportOf(() => refusal(429, 'RESOURCE_EXHAUSTED'))
    const gone = new AbortController()
    const calling = call(true, { signal: gone.signal })
    await expect.poll(sent).toBe(1)
    gone.abort(new Error('enough'))
    await expect(calling).rejects.toBeInstanceOf(FirestoreFailure)
  })

  it('a call that is over before it is sent is known not to be carried out', async () => {
    const { call, sent } = transportOf(ok)
    await expect(call(false, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toMatchObject({
      status: 'CANCELLED',
      notCarriedOut: true,
    })
    expect(sent()).toBe(0)
  })

  it('what an earlier attempt may have done is not forgotten', async () => {
    const lost = () => Promise.reject(new TypeError('fetch failed'))
    const { call } = transportOf(lost, () => refusal(429, 'RESOURCE_EXHAUSTED'))
    await expect(call(true, { deadline: Date.now() + 300 })).rejects.toMatchObject({ mayBeDone: true })
  })

  it('an answer is not shown, for it may name documents', async () => {
    const { call } = transportOf(() => refusal(400, 'INVALID_ARGUMENT'))
    const error: unknown = await call(true).catch((thrown: unknown) => thrown)
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('5512')
  })

  it('an answer that is not JSON is an error, with the status of HTTP', async () => {
    const { call } = transportOf(() => new Response('<html>', { status: 403 }))
    await expect(call(false)).rejects.toMatchObject({ status: 'PERMISSION_DENIED' })
    const page = transportOf(() => new Response('<html>'))
    await expect(page.call(false)).rejects.toMatchObject({ status: 'INTERNAL', notCarriedOut: false })
  })
})
