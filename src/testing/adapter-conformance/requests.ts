import type { LogRecord } from '../../core/log/log.ts'
import { assertEqual, casesOf, type AdapterConformanceCase, type Send } from './conformance-case.ts'

/** What goes in and what comes out. */
export const requestCases: readonly AdapterConformanceCase[] = [
  ...casesOf('requests', {
    async 'hands over method, path, query, headers and body'({ send }) {
      const response = await send('/echo?q=%C3%A4&n=2', { method: 'PUT', headers: { 'x-test': 'v' }, body: 'häh' })
      const echo = (await response.json()) as Record<string, string>
      const { search } = new URL(echo['url'] ?? '')
      assertEqual([echo['method'], search, echo['header'], echo['bytes']], ['PUT', '?q=%C3%A4&n=2', 'v', 4], 'request')
    },
    async 'carries bytes both ways unchanged'({ send }) {
      const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 31) % 256)
      const response = await send('/bytes', { method: 'POST', body: bytes })
      const back = new Uint8Array(await response.arrayBuffer())
      assertEqual(back.length, bytes.length, 'length')
      assertEqual(
        back.findIndex((byte, i) => byte !== bytes[i]),
        -1,
        'first differing byte',
      )
    },
    async 'gives a request the id that it came with, or the platform’s own'({ send, ownRequestIds = false }) {
      const ids = [await requestId(send, 'abc-1'), await requestId(send, 'abc-2')]
      if (!ownRequestIds) assertEqual(ids, ['abc-1', 'abc-2'], 'request ids')
      const made = [...ids, await requestId(send), await requestId(send)]
      assertEqual([new Set(made).size, made.includes('')], [4, false], 'different request ids')
    },
    async 'logs lines that have the id of their request, and no secret'({ send }) {
      // The suite's application answers so.
      const { requestId: id, line } = (await (await send('/line')).json()) as { requestId: string; line: LogRecord }
      const { level, message, requestId: said, fields } = line
      assertEqual([level, message, said, fields], ['info', 'written', id, { password: '[secret]' }], 'line')
    },
  }),
  ...casesOf('responses', {
    async 'keeps status, headers and body'({ send }) {
      const response = await send('/untouched')
      const text = await response.text()
      const found = [response.status, response.headers.get('x-test'), text]
      assertEqual(found, [203, 'kept', 'nothing to release'], 'response')
    },
    async 'keeps every cookie'({ send }) {
      const response = await send('/cookies')
      await response.text()
      assertEqual(response.headers.getSetCookie(), ['a=1', 'b=2; Path=/'], 'cookies')
    },
  }),
  ...casesOf('health', {
    async 'answers health checks'({ send }) {
      for (const kind of ['live', 'ready', 'startup']) assertEqual((await send(`/health/${kind}`)).status, 200, kind)
    },
  }),
]

async function requestId(send: Send, given?: string): Promise<string> {
  const response = await send('/echo', given === undefined ? {} : { headers: { 'x-request-id': given } })
  return ((await response.json()) as { requestId: string }).requestId // the suite's application answers so
}
