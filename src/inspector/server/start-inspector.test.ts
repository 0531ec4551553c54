import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refusalOf } from './guard.ts'
import { startInspector, type Inspector } from './start-inspector.ts'

let inspector: Inspector
beforeAll(async () => {
  inspector = await startInspector()
})
afterAll(() => inspector.close())

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

/** `fetch` does not let a caller say what `Host` is. */
function ask(path: string, { method = 'GET', headers = {}, body = '' } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(inspector.url + path, { method, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const { statusCode: status = 0, headers } = response
        resolve({ status, headers, body: Buffer.concat(chunks).toString() })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const application = { id: 'one', name: 'shop' }
const span = {
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  rootId: 'b'.repeat(16),
  name: 'work',
  kind: 'server',
  start: 1,
  end: 2,
  attributes: {},
}

describe('who is answered', () => {
  const own = { host: '127.0.0.1:4400', origin: undefined, fetchSite: undefined }
  it.each([
    [own, undefined],
    [{ ...own, host: 'localhost:4400' }, undefined],
    [{ ...own, origin: 'http://127.0.0.1:4400', fetchSite: 'same-origin' }, undefined],
    [{ ...own, fetchSite: 'none' }, undefined],
    [{ ...own, host: undefined }, /own address/],
    [{ ...own, host: '127.0.0.1' }, /own address/],
    [{ ...own, host: '127.0.0.1:4401' }, /own address/],
    [{ ...own, host: 'rebound.example:4400' }, /own address/],
    [{ ...own, host: '127.0.0.1:4400.example' }, /own address/],
    [{ ...own, origin: 'http://localhost:4400' }, /another origin/],
    [{ ...own, origin: 'null' }, /another origin/],
    [{ ...own, origin: 'https://example.com' }, /another origin/],
    [{ ...own, fetchSite: 'cross-site' }, /another site/],
    [{ ...own, fetchSite: 'same-site' }, /another site/],
  ])('%j', (sender, refusal) => {
    if (refusal === undefined) expect(refusalOf(sender, 4400)).toBeUndefined()
    else expect(refusalOf(sender, 4400)).toMatch(refusal)
  })
})

describe('the inspector', () => {
  it.each(['/', '/api/overview', '/api/events', '/ingest', '/nothing'])(
    'refuses %s by another name and for a page of another site',
    async (path) => {
      const hostile = [
        { host: 'rebound.example' },
        { origin: 'https://example.com' },
        { 'sec-fetch-site': 'cross-site' },
      ]
      for (const headers of hostile) {
        for (const method of ['GET', 'POST']) expect((await ask(path, { method, headers })).status).toBe(403)
      }
    },
  )

  it('passes to the page what an application sends', async () => {
    const body = JSON.stringify({ application, spans: [span], dropped: 0 })
    expect((await ask('/ingest', { method: 'POST', body })).status).toBe(204)
    const { requests } = JSON.parse((await ask('/api/overview')).body) as { requests: unknown[] }
    expect(requests).toMatchObject([{ id: span.spanId, name: 'work', duration: 1 }])
    expect((await ask(`/api/requests/${span.spanId}`)).status).toBe(200)
    expect((await ask('/api/clear', { method: 'POST' })).status).toBe(204)
    expect((await ask(`/api/requests/${span.spanId}`)).status).toBe(404)
  })

  it('refuses batches that are malformed or too large', async () => {
    expect((await ask('/ingest', { method: 'POST', body: 'nonsense' })).status).toBe(400)
    expect((await ask('/ingest', { method: 'POST', body: '{}' })).status).toBe(400)
    const large = await ask('/ingest', { method: 'POST', body: ' '.repeat(9 * 1024 * 1024) }).catch(() => undefined)
    // A client that goes on sending may see the connection end instead of the answer.
    expect([413, undefined]).toContain(large?.status)
    expect((await ask('/api/overview')).status).toBe(200)
  })

  it('forbids caches, frames and other origins', async () => {
    const { headers } = await ask('/api/overview')
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    })
    expect(headers).not.toHaveProperty('access-control-allow-origin')
  })

  it('sends changes as they come to a limited number of readers', async () => {
    const open = await Promise.all(Array.from({ length: 16 }, () => fetch(`${inspector.url}/api/events`)))
    const refused = await ask('/api/events')
    expect(refused.status).toBe(503)
    expect(refused.body).toContain('16 pages are open already. Close one')
    expect(refused.headers['retry-after']).toBe('5')
    await ask('/ingest', { method: 'POST', body: JSON.stringify({ application, spans: [span], dropped: 0 }) })
    const reader = open[0]!.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (!text.includes('"requests"')) {
      const { value, done } = await reader.read()
      expect(done).toBe(false)
      text += value
    }
    expect(text).toContain(`"id":"${span.spanId}"`)
    await reader.cancel()
    for (const { body } of open.slice(1)) await body?.cancel()
  })

  it('listens on this machine only', async () => {
    expect(inspector.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  })

  it('says when it cannot listen', async () => {
    const port = Number(new URL(inspector.url).port)
    await expect(startInspector({ port })).rejects.toThrow(`the inspector cannot listen on 127.0.0.1 port ${port}`)
  })

  it('refuses an option that does not exist', async () => {
    await expect(startInspector({ prot: 1 } as never)).rejects.toThrow('there is no such option')
  })

  it('ends while pages follow it', async () => {
    const other = await startInspector()
    const { body } = await fetch(`${other.url}/api/events`)
    await other.close()
    await body?.cancel().catch(() => {})
    await expect(fetch(other.url)).rejects.toThrow()
  })
})
