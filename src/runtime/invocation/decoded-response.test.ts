import { describe, expect, it } from 'vitest'
import { asDecoded } from './decoded-response.ts'

/** As `fetch` makes it. */
function fetched(encoding: string, url = 'https://x.test/'): Response {
  const headers = { 'content-encoding': encoding, 'content-length': '9', 'x-kept': '1' }
  return Object.defineProperty(new Response('hello', { status: 203, headers }), 'url', { value: url })
}

describe('a response of fetch', () => {
  it.each(['gzip', 'GZIP', 'x-gzip', 'deflate', 'br', 'gzip, br'])(
    'an answer that was %s has only headers of its body',
    async (encoding) => {
      const response = asDecoded(fetched(encoding))
      expect([response.status, [...response.headers], await response.text()]).toEqual([
        203,
        [
          ['content-type', 'text/plain;charset=UTF-8'],
          ['x-kept', '1'],
        ],
        'hello',
      ])
    },
  )

  it.each([
    ['of an encoding that is not decoded', fetched('compress')],
    ['of an encoding among others', fetched('gzip, compress')],
    ['without a body', Object.defineProperty(new Response(null, { status: 204 }), 'url', { value: 'https://x.test/' })],
    ['that the handler has made', fetched('gzip', '')],
  ])('%s stays as it is', (_name, response) => {
    expect(asDecoded(response)).toBe(response)
  })
})
