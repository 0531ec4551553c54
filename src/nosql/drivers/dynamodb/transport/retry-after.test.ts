import { describe, expect, it } from 'vitest'
import { cachedCredentials } from '../credentials/cached-credentials.ts'
import { toReadError } from '../errors.ts'
import { fetchTransport } from './fetch-transport.ts'
import { serverClock } from './server-clock.ts'
import { createClient } from './transport.ts'

/** Is throttled once, with these headers. */
function throttled(headers: Record<string, string>) {
  let sent = 0
  const send = async () => {
    if (sent++ > 0) return Response.json({})
    return Response.json({ __type: 'x#ThrottlingException' }, { status: 400, headers })
  }
  const transport = fetchTransport({
    endpoint: { url: 'http://there/', streamsUrl: 'http://there/', region: 'eu-central-1' },
    credentials: cachedCredentials(() => Promise.resolve({ accessKeyId: 'AKIA', secretAccessKey: 's' })),
    clock: serverClock(),
    fetch: send,
  })
  const call = () => createClient(transport).call('PutItem', {}, { context: { now: 0 }, isIdempotent: false })
  return { call, sent: () => sent }
}

describe('a DynamoDB that asks to wait', () => {
  it.each([
    ['in milliseconds', { 'x-amz-retry-after': '30' }],
    ['in seconds', { 'retry-after': '0.03' }],
  ])('%s is not asked earlier', async (_how, headers) => {
    const { call, sent } = throttled(headers)
    const began = performance.now()
    await call()
    expect(performance.now() - began).toBeGreaterThanOrEqual(29)
    expect(sent()).toBe(2)
  })

  it('is not waited for beyond the deadline', async () => {
    const { call, sent } = throttled({ 'retry-after': '90' })
    const error: unknown = await call().catch((thrown: unknown) => toReadError(thrown))
    expect(error).toMatchObject({ code: 'LEX_ERR_NOSQL_002', details: { retryAfter: 90_000 } })
    expect(sent()).toBe(1)
  })
})
