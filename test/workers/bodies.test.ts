import { request } from 'node:http'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Miniflare } from 'miniflare'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleWorker, startWorkerd } from '../../tools/runtimes/workerd.ts'
import { kinds } from './body-kinds.ts'

const failing = [
  'a stream that fails half-way',
  'an identity stream that is given up',
  'a stream of fixed length that is too short',
  'a stream of what is not bytes',
]
const names = Object.keys(kinds)
const failingLate = 'a stream that fails after its last byte'
const whole = names.filter((name) => ![...failing, failingLate].includes(name))

/** Another server, which the Worker passes answers of on. */
function upstream({ url }: { readonly url: string }): Response {
  const { pathname } = new URL(url)
  if (pathname === '/not-modified') return new Response(null, { status: 304 })
  if (pathname === '/gzip') return new Response(gzipSync('zipped'), { headers: { 'content-encoding': 'gzip' } })
  if (pathname === '/html') {
    const html = '<b>old</b>'
    return new Response(html, { headers: { 'content-type': 'text/html', 'content-length': String(html.length) } })
  }
  if (pathname === '/text') return new Response('from up', { headers: { 'content-length': '7' } })
  return new Response(new Blob(['one', 'two']).stream())
}

interface Answer {
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, unknown>>
  readonly bytes: string
  readonly complete: boolean
}

/** All that a client sees of an answer, the framing included. */
function ask(url: URL, method = 'GET'): Promise<Answer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let status: number | undefined
    let headers: Record<string, unknown> = {}
    const settle = (complete: boolean): void =>
      resolve({ status, headers, bytes: Buffer.concat(chunks).toString('base64'), complete })
    const sent = request(url, { method, headers: { 'accept-encoding': 'identity' }, timeout: 5000 }, (response) => {
      status = response.statusCode
      const { date: _date, ...others } = response.headers
      headers = others
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('end', () => settle(response.complete)).once('error', () => settle(false))
    })
    sent.once('timeout', () => sent.destroy(new Error('no answer'))).once('error', () => settle(false))
    sent.end()
  })
}

describe('a body in workerd whose scope holds something', () => {
  let miniflare: Miniflare
  let origin: URL
  beforeAll(async () => {
    const script = await bundleWorker(join(import.meta.dirname, 'bodies-worker.ts'))
    miniflare = await startWorkerd(script, { services: { UPSTREAM: upstream } })
    origin = await miniflare.ready
  })
  afterAll(() => miniflare.dispose())

  const get = (path: string, kind: string, method?: string): Promise<Answer> =>
    ask(new URL(`${path}?kind=${encodeURIComponent(kind)}`, origin), method)
  const lines: string[] = []
  /** Waits for the end of a scope, and returns what was logged by then. */
  const logged = async (): Promise<string[]> => {
    const read = async (): Promise<boolean> => {
      lines.push(...((await (await fetch(new URL('/log', origin))).json()) as string[]))
      return lines.includes('end')
    }
    await expect.poll(read).toBe(true)
    return lines.splice(0)
  }

  it.each(whole)('a body of the kind %s arrives as from a Worker by hand', async (kind) => {
    const plain = await get('/plain', kind)
    expect(plain.complete).toBe(true)
    expect(await get('/held', kind)).toEqual(plain)
    expect(await logged()).toEqual(['end'])
  })

  it.each(whole)('a body of the kind %s has the same head for HEAD', async (kind) => {
    const { headers } = await get('/plain', kind, 'HEAD')
    expect((await get('/held', kind, 'HEAD')).headers).toEqual(headers)
    expect(await logged()).toContain('end')
  })

  it.each(whole)('a body of the kind %s arrives through an application within a route', async (kind) => {
    expect(await get('/nested/', kind)).toEqual(await get('/plain', kind))
    expect(await logged()).toEqual(['end'])
  })

  // A clone of text in chunks cannot be read in workerd.
  const cloneable = whole.filter((name) => name !== 'a stream of text')
  it.each(cloneable)('a body of the kind %s arrives when its clone is logged by a middleware', async (kind) => {
    const { status, bytes } = await get('/plain', kind)
    expect(await get('/logged/', kind)).toMatchObject({ status, bytes, complete: true })
    expect(await logged()).toEqual(['end'])
  })

  it.each(['/etag/', '/cache/'])('a body of every kind arrives through hono%s', async (path) => {
    for (const kind of ['text', 'a stream', 'an identity stream that is written to', 'json']) {
      const { status, bytes } = await get('/plain', kind)
      for (const _ of ['first', 'from the cache']) {
        expect(await get(path, kind), kind).toMatchObject({ status, bytes, complete: true })
        await logged()
      }
    }
  })

  it.each(failing)('a body of the kind %s is cut off and reported once', async (kind) => {
    expect((await get('/held', kind)).complete).toBe(false)
    const [report, ...rest] = await logged()
    expect(report).toMatch(
      /^stream: (half-way|FixedLengthStream did not see|a chunk of the response body must be bytes)/,
    )
    expect(rest).toEqual(['end'])
  })

  it('is watched to its end, after all of its bytes have come', async () => {
    expect((await get('/held', failingLate)).complete).toBe(true)
    expect(await logged()).toEqual(['stream: too late', 'end'])
  })
})
