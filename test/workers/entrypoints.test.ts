import { join } from 'node:path'
import type { Miniflare } from 'miniflare'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleWorker, startWorkerd } from '../../tools/runtimes/workerd.ts'

const start = async (bindings: Readonly<Record<string, string>> = {}): Promise<Miniflare> =>
  startWorkerd(await bundleWorker(join(import.meta.dirname, 'entrypoints-worker.ts')), {
    bindings,
    entrypoints: { CATALOG: 'Catalog' },
    durableObjects: { CART: 'Cart' },
    workflows: { CHECKOUT: 'Checkout' },
    tail: true,
  })

describe('a named entrypoint in workerd', () => {
  let miniflare: Miniflare
  beforeAll(async () => {
    miniflare = await start()
  })
  afterAll(() => miniflare.dispose())
  const call = async (path: string): Promise<unknown> =>
    (await miniflare.dispatchFetch(`https://x.test/${path}`)).json()
  const logged = async (count: number, timeout = 1000): Promise<string[]> => {
    const lines: string[] = []
    const read = async (): Promise<number> => {
      const all = (await call('log')) as string[]
      return lines.push(...all.filter((line) => !line.startsWith('tail')))
    }
    await expect.poll(read, { timeout }).toBeGreaterThanOrEqual(count)
    return lines.map((line) => line.replace(/\d+$/, 'N'))
  }

  it('answers a call with the method’s result, in its own scope', async () => {
    expect(await call('catalog/find/tea')).toEqual({ ok: true, value: { id: 'tea', stock: 3 } })
    expect(await logged(1)).toEqual(['end N'])
  })

  it('wraps what a method makes of its arguments in a result', async () => {
    expect(await call('catalog/count/1/2/3')).toEqual({ ok: true, value: 3 })
  })

  it('passes failures on as data', async () => {
    expect(await call('catalog/reserve')).toEqual({ ok: false, error: 'sold out' })
    expect(await call('catalog/find/coffee')).toEqual({
      ok: false,
      error: { code: 'LEX_ERR_DOM_002', status: 404, message: 'no product with this id' },
    })
    expect(await logged(1)).toEqual(['end N'])
  })

  it('says nothing of an unexpected failure but that there was one', async () => {
    expect(await call('catalog/fail')).toEqual({ ok: false, error: { status: 500, message: 'Internal Server Error' } })
    expect(await logged(2)).toEqual(['end N', 'handler fail: secret of N'])
  })

  it.each(['throwText', 'throwData', 'throwForeign'])('reports what %s throws instead of saying it', async (method) => {
    expect(await call(`catalog/${method}`)).toMatchObject({
      ok: false,
      error: { status: 500, message: 'Internal Server Error' },
    })
    expect(await logged(1)).toEqual([expect.stringMatching(new RegExp(`^handler ${method}: .*hunter`))])
  })

  it('sends of an error only its public message', async () => {
    const error = { code: 'LEX_ERR_DB_005', status: 409, message: 'this address is taken' }
    expect(await call('catalog/conflict')).toEqual({ ok: false, error })
  })

  it('never shares a scope between interleaved calls', async () => {
    const outcomes = (await call('catalog/interleave/all')) as { value: [number, number] }[]
    expect(outcomes.every(({ value: [before, after] }) => before === after)).toBe(true)
    expect(new Set(outcomes.map(({ value: [id] }) => id)).size).toBe(20)
    expect(await logged(20)).toHaveLength(20)
  })

  it('has a request context that names the call', async () => {
    expect(await call('catalog/context')).toEqual({ ok: true, value: { method: 'context', args: [] } })
    expect(await logged(1)).toEqual(['work'])
  })

  it('has no methods but those it was given', async () => {
    for (const method of ['env', 'ctx', 'answer', 'call']) {
      expect((await miniflare.dispatchFetch(`https://x.test/catalog/${method}`)).status).toBe(500)
    }
    await call('log')
  })

  it('is a Durable Object too: fetch, methods and alarms, which are tried again after an Err', async () => {
    expect(await call('cart/total')).toEqual({ ok: true, value: expect.any(Number) as number })
    const response = await miniflare.dispatchFetch('https://x.test/cart-fetch/alarm')
    expect(await response.text()).toMatch(/^object in session \d+$/)
    expect(await logged(7, 10_000)).toEqual([
      'end N',
      'end N',
      'alarm 1 in session N',
      'end N',
      'handler: not yet',
      'alarm 2, again, in session N',
      'end N',
    ])
  })

  it('refuses an answer with what RPC cannot carry by its kind', async () => {
    const obstacles = {
      product: 'an instance of Product',
      products: 'an instance of Product',
      grouped: 'an object without a prototype',
      address: 'an object of the kind URL',
    }
    for (const [method, obstacle] of Object.entries(obstacles)) {
      expect(await call(`catalog/${method}`)).toMatchObject({ ok: false, error: { status: 500 } })
      expect(await logged(1)).toEqual([
        `handler ${method}: the answer of ${method} cannot cross to another Worker: it has ${obstacle} in it`,
      ])
    }
  })

  it('passes on what an HTTP client would receive', async () => {
    expect(await call('catalog/validate')).toMatchObject({
      error: { status: 422, details: { issues: [{ path: ['name'], message: 'too short' }] } },
    })
    expect(await call('catalog/teapot')).toMatchObject({ error: { code: 'TEAPOT', status: 418 } })
  })

  it.each([
    ['a stream', 'catalog/parts/close', /^"(\d+,){3}"$/],
    ['a response', 'catalog/page/close', /^\[203,"1","(\d+,){3}"\]$/],
    ['a stream of a Durable Object', 'cart/parts/a/close', /^"(\d+,){3}"$/],
    ['a response of a Durable Object', 'cart-fetch/parts', /^(\d+,){3}$/],
  ])('ends the scope of %s after its bytes', async (_, path, expected) => {
    expect(await (await miniflare.dispatchFetch(`https://x.test/${path}`)).text()).toMatch(expected)
    expect(await logged(4)).toEqual(['part 1 of N', 'part 2 of N', 'part 3 of N', 'end N'])
  })

  it('ends the scope of a stream that fails', async () => {
    expect(await call('catalog/parts/fail')).toMatch(/disconnected prematurely/)
    expect(await logged(4)).toEqual(['part 1 of N', 'part 2 of N', 'stream parts: torn', 'end N'])
  })

  it('ends the scope of an unread stream, when its caller is gone', async () => {
    expect(await call('ignore')).toContain('value')
    // A part may have been made before the caller was gone.
    await expect.poll(async () => (await logged(1)).at(-1)).toBe('end N')
  })

  it('has ended the scope when a function that it returned is called', async () => {
    expect(await call('catalog/later')).toMatch(/^the scope cannot .*: it has ended/)
    expect(await logged(1)).toEqual(['end N'])
  })

  it('sends its answer although the scope does not end well', async () => {
    expect(await call('catalog/spoil')).toEqual({ ok: true, value: 'answer' })
    expect(await logged(2)).toEqual(['end N', expect.stringMatching(/^dispose /)])
  })

  it('boots once for all that runs in the isolate', async () => {
    await call('cart/total/b')
    const boots = [
      await call('own'),
      await call('catalog/boots'),
      await call('cart/boots/a'),
      await call('cart/boots/b'),
    ]
    expect(boots).toEqual([1, { ok: true, value: 1 }, { ok: true, value: 1 }, { ok: true, value: 1 }])
    await logged(2)
  })

  it('upgrades to a WebSocket of a Durable Object, whose messages the class hears', async () => {
    const socket = new WebSocket(new URL('/cart-socket/socket', (await miniflare.ready).href.replace('http', 'ws')))
    const answer = await new Promise((resolve) => {
      socket.addEventListener('open', () => socket.send('hello'))
      socket.addEventListener('message', ({ data }) => resolve(data))
    })
    socket.close()
    expect(answer).toMatch(/^object heard hello in session \d+$/)
    expect(await logged(2)).toEqual(['end N', 'end N'])
  })

  it('runs each step of a Workflow in a scope, again after an Err', async () => {
    expect(await call('checkout')).toMatch(/^charged tea in \d+$/)
    expect(await logged(6)).toEqual([
      'attempt 1 in session N',
      'end N',
      'handler: declined',
      'attempt 2 in session N',
      'end N',
      'end N',
    ])
  })

  it('leaves the traces of requests to the module’s own tail handler', async () => {
    await expect.poll(() => call('log')).toContain('tail of 1')
  })

  it('answers with an error when the application does not boot', async () => {
    const broken = await start({ FAIL_BOOT: 'true' })
    try {
      const response = await broken.dispatchFetch('https://x.test/catalog/find/tea')
      expect(await response.json()).toEqual({ ok: false, error: { status: 503, message: 'Service Unavailable' } })
      const log = await broken.dispatchFetch('https://x.test/log')
      expect(await log.json()).toContain('boot: no database at db.internal')
    } finally {
      await broken.dispose()
    }
  })
})
