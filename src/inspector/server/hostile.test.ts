import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Overview, TraceDetail } from '../receive/inspector-state.ts'
import { startInspector, type Inspector } from './start-inspector.ts'

let inspector: Inspector
beforeAll(async () => {
  inspector = await startInspector()
})
afterAll(() => inspector.close())

/** What comes back for bytes that no client would send: clients correct some of these. */
function sendRaw(lines: string, body: Uint8Array | string = ''): Promise<string> {
  const { port, host } = new URL(inspector.url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1')
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', reject)
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()))
    socket.write(`${lines}\r\nhost: ${host}\r\nconnection: close\r\n\r\n`)
    socket.write(body)
  })
}

const application = { id: 'one', name: 'shop' }
const id = (number: number): string => number.toString(16).padStart(16, '0')
const span = (number: number, given: object = {}) => ({
  traceId: 'a'.repeat(32),
  spanId: id(number),
  rootId: id(1),
  name: 'work',
  kind: 'internal',
  start: 1,
  end: 2,
  attributes: {},
  ...given,
})

async function ingest(body: BodyInit, headers: HeadersInit = {}): Promise<number> {
  const response = await fetch(`${inspector.url}/ingest`, { method: 'POST', body, headers })
  await response.text()
  return response.status
}

const send = (spans: readonly unknown[]): Promise<number> => ingest(JSON.stringify({ application, spans, dropped: 0 }))

const read = async <T>(path: string): Promise<T> => (await (await fetch(inspector.url + path)).json()) as T

describe('the target of a request', () => {
  it.each(['//', '//[', 'http://[', '/\\', '*', 'nothing', 'http://', '//api/overview'])(
    '%s is answered',
    async (target) => {
      expect(await sendRaw(`GET ${target} HTTP/1.1`)).toMatch(/^HTTP\/1.1 40[04] /)
    },
  )

  it('the target of a request must be a path', async () => {
    const answer = await sendRaw('GET // HTTP/1.1')
    expect(answer).toMatch(/^HTTP\/1.1 400 /)
    expect(answer).toContain('must be a path')
  })
})

describe('a batch', () => {
  it.each([
    ['binary garbage', Buffer.from([0x0a, 0xff, 0x00, 0xfe, 0x12, 0x80])],
    ['lists within lists', '['.repeat(4_000_000)],
    ['a compressed body', gzipSync(Buffer.alloc(64 * 1024 * 1024))],
    ['a number', '1e999'],
    ['nothing', ''],
  ])('a batch that is %s is refused', async (_name, body) => {
    expect(await ingest(body, { 'content-type': 'application/json', 'content-encoding': 'gzip' })).toBe(400)
  })

  it('a batch of another protocol is not found', async () => {
    const response = await fetch(`${inspector.url}/v1/traces`, { method: 'POST', body: '{"resourceSpans":[]}' })
    expect(response.status).toBe(404)
  })

  it('has names of attributes that mean something to a language', async () => {
    const attributes = JSON.parse('{"__proto__":"a","constructor":"b","toString":"c"}') as object
    expect(await send([span(1, { attributes })])).toBe(204)
    const { spans } = await read<TraceDetail>(`/api/requests/${id(1)}`)
    expect(Object.entries(spans[0]?.attributes ?? {})).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
      ['toString', 'c'],
    ])
  })

  it('counts spans above 5,000, which it leaves out', async () => {
    await fetch(`${inspector.url}/api/clear`, { method: 'POST' })
    const spans = Array.from({ length: 40_000 }, (_, index) => span(index + 1))
    expect(await send(spans)).toBe(204)
    const { requests, dropped } = await read<Overview>('/api/overview')
    expect(requests).toMatchObject([{ spans: 5000 }])
    expect(dropped).toEqual({ traces: 0, spans: 35_000 })
  })
})

describe('bodies that do not end', () => {
  it('together take a bounded amount of memory', async () => {
    const { port, host } = new URL(inspector.url)
    const part = ' '.repeat(7 * 1024 * 1024)
    const lines = `POST /ingest HTTP/1.1\r\nhost: ${host}\r\ncontent-length: ${8 * 1024 * 1024}\r\n\r\n`
    const sockets = Array.from({ length: 12 }, () => connect(Number(port), '127.0.0.1'))
    const answers = sockets.map(
      (socket) =>
        new Promise<string>((resolve) => {
          socket.on('error', () => resolve(''))
          socket.on('data', (chunk) => resolve(chunk.toString()))
          socket.write(lines + part)
        }),
    )
    try {
      expect(await Promise.race(answers)).toMatch(/^HTTP\/1.1 503 /)
    } finally {
      for (const socket of sockets) socket.destroy()
    }
    await expect.poll(() => send([span(1)])).toBe(204)
  })
})
