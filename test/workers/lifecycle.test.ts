import { connect } from 'node:net'
import { join } from 'node:path'
import type { Miniflare } from 'miniflare'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleWorker, startWorkerd } from '../../tools/workerd.ts'

let script: string
let miniflare: Miniflare
let url: URL

beforeAll(async () => {
  script = await bundleWorker(join(import.meta.dirname, 'worker.ts'))
  miniflare = await startWorkerd(script)
  url = await miniflare.ready
})
afterAll(() => miniflare.dispose())

const get = (path: string): Promise<Response> => fetch(new URL(path, url))

/** What happened since the last call; asks until `expected` lines are there, because scopes end after the response. */
async function logged(expected: number): Promise<string[]> {
  const lines: string[] = []
  for (let attempt = 0; attempt < 100 && lines.length < expected; attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    lines.push(...((await (await get('/log')).json()) as { log: string[] }).log)
  }
  return lines.map((line) => line.replace(/\d+$/, 'N'))
}

describe('a Worker in workerd', () => {
  it('boots concurrent first requests without one awaiting another, and once from then on', async () => {
    const first = await Promise.all(Array.from({ length: 5 }, async () => (await get('/')).text()))
    expect(new Set(first).size).toBe(5)
    const { boots } = (await (await get('/log')).json()) as { boots: number }
    expect(boots).toBeGreaterThan(1)
    await (await get('/')).text()
    expect(((await (await get('/log')).json()) as { boots: number }).boots).toBe(boots)
    await logged(0)
  })

  it('ends the scope after the body was flushed', async () => {
    expect(await (await get('/stream')).text()).toContain('20\n')
    expect(await logged(1)).toEqual(['end N'])
  })

  it('ends the scope of a body that fails half-way, reports it, and breaks the response off', async () => {
    const response = await get('/stream?fail=3')
    await expect(response.text()).rejects.toThrow()
    expect(await logged(2)).toEqual(['stream: half-way', 'end N'])
  })

  it('ends the scope when the client hangs up, and cancels the source', async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(Number(url.port), '127.0.0.1', () =>
        socket.write('GET /stream HTTP/1.1\r\nHost: x\r\n\r\n'),
      )
      socket.once('data', () => socket.destroy()).once('close', () => resolve())
    })
    expect(await logged(2)).toEqual(['source cancelled', 'end N'])
  })

  it('ends the scope after waitUntil work', async () => {
    expect(await (await get('/later')).text()).toBe('early')
    expect(await logged(2)).toEqual(['work N', 'end N'])
  })

  it('ends the scope of responses without a body and of WebSocket upgrades, which still work', async () => {
    expect((await get('/empty')).status).toBe(204)
    expect(await logged(1)).toEqual(['end N'])
    const socket = new WebSocket(new URL('/socket', url.href.replace('http', 'ws')))
    const answer = await new Promise((resolve) => {
      socket.addEventListener('open', () => socket.send('hello'))
      socket.addEventListener('message', ({ data }) => resolve(data))
    })
    socket.close()
    expect(answer).toBe('echo hello')
    expect(await logged(1)).toEqual(['end N'])
  })

  it('says nothing of an unexpected error to the caller', async () => {
    const response = await get('/throw')
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('swordfish')
    expect(await logged(2)).toEqual(['handler: swordfish', 'end N'])
  })

  it('never shares a session between interleaved requests', async () => {
    const sessions = await Promise.all(Array.from({ length: 40 }, async () => (await get('/interleaved')).text()))
    expect(sessions).not.toContain('mixed up')
    expect(new Set(sessions).size).toBe(40)
    expect(await logged(40)).toHaveLength(40)
  })

  it('serves health', async () => {
    for (const kind of ['live', 'ready', 'startup']) expect((await get(`/health/${kind}`)).status).toBe(200)
  })

  it('runs cron triggers in a scope of their own', async () => {
    const worker = await miniflare.getWorker()
    await worker.scheduled({ cron: '* * * * *' })
    expect(await logged(2)).toEqual(['cron * * * * * in session N', 'end N'])
  })

  it('acknowledges or retries each queue message by what became of it, in a scope of its own', async () => {
    const worker = await miniflare.getWorker()
    const message = (body: string) => ({ id: body, timestamp: new Date(), body, attempts: 1 })
    const outcome = await worker.queue('jobs', [message('good'), message('err'), message('throw'), message('last')])
    expect(outcome.explicitAcks.toSorted()).toEqual(['good', 'last'])
    expect(outcome.retryMessages.map(({ msgId }: { msgId: string }) => msgId).toSorted()).toEqual(['err', 'throw'])
    expect(await logged(11)).toEqual([
      'message good in session N',
      'end N',
      'message err in session N',
      'end N',
      'handler: refused',
      'message throw in session N',
      'end N',
      'handler: poison',
      'message last in session N',
      'end N',
      'batch: 2 ok, 2 again',
    ])
  })

  it('runs without nodejs_compat', async () => {
    await using plain = await disposable(
      startWorkerd(script, { compatibilityDate: '2026-07-01', compatibilityFlags: [] }),
    )
    expect(await (await plain.dispatchFetch('http://x.test/')).text()).toBe('session 1')
  })
})

async function disposable(starting: Promise<Miniflare>): Promise<Miniflare & AsyncDisposable> {
  const started = await starting
  return Object.assign(started, { [Symbol.asyncDispose]: () => started.dispose() })
}
