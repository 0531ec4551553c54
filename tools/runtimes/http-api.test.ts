import { describe, expect, it } from 'vitest'
import { failure, toHttpApiEvent, toHttpApiResponse } from './http-api.ts'

const client = { address: '127.0.0.1' }

describe('what stands for an HTTP API', () => {
  it('makes a 2.0 event of a request: cookies apart, values joined, text as text', async () => {
    const request = new Request('http://127.0.0.1:8787/a%20b?tag=1&tag=%C3%A4', {
      method: 'POST',
      headers: { cookie: 'a=1; b=2', 'content-type': 'application/json', 'user-agent': 'test' },
      body: '{"name":"Käse"}',
    })
    expect(await toHttpApiEvent(request, client)).toMatchObject({
      version: '2.0',
      rawPath: '/a%20b',
      rawQueryString: 'tag=1&tag=%C3%A4',
      queryStringParameters: { tag: '1,ä' },
      cookies: ['a=1', 'b=2'],
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '127.0.0.1' },
      requestContext: { stage: '$default', http: { method: 'POST', sourceIp: '127.0.0.1', userAgent: 'test' } },
      body: '{"name":"Käse"}',
      isBase64Encoded: false,
    })
  })

  it('hands a request over as Lambda would', async () => {
    const post = (body: Uint8Array<ArrayBuffer>) => new Request('http://x.test/', { method: 'POST', body })
    const bytes = Uint8Array.of(0, 255, 128)
    expect(await toHttpApiEvent(post(bytes), client)).toMatchObject({ body: 'AP+A', isBase64Encoded: true })
    const empty = await toHttpApiEvent(new Request('http://x.test/'), client)
    expect([empty?.isBase64Encoded, Object.keys(empty ?? {})]).toEqual([false, expect.not.arrayContaining(['body'])])
    expect(Object.keys(empty?.headers ?? {})).not.toContain('cookie')
    expect(await toHttpApiEvent(post(new Uint8Array(5_000_000)), client)).toBeUndefined()
  })

  it('answers with the function’s result, or else its own 500', async () => {
    const outcome = (kind: 'response' | 'error', value: unknown) =>
      toHttpApiResponse({
        kind,
        body: Buffer.from(JSON.stringify(value)),
        contentType: 'application/json',
        streamed: false,
        trailingError: undefined,
      })
    const result = {
      statusCode: 201,
      headers: { 'x-test': 'v' },
      cookies: ['a=1', 'b=2'],
      body: 'AP+A',
      isBase64Encoded: true,
    }
    const response = outcome('response', result)
    expect([response.status, response.headers.get('x-test'), response.headers.getSetCookie()]).toEqual([
      201,
      'v',
      ['a=1', 'b=2'],
    ])
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255, 128])
    const failures = [
      outcome('error', { errorMessage: 'secret' }),
      outcome('response', null),
      toHttpApiResponse(undefined),
    ]
    for (const failed of failures) {
      expect([failed.status, await failed.json()]).toEqual([500, { message: 'Internal Server Error' }])
    }
    expect(failure(413, 'Request Entity Too Large').status).toBe(413)
  })
})
