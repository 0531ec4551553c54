import { join } from 'node:path'
import type { Miniflare } from 'miniflare'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleWorker, startWorkerd } from '../../tools/workerd.ts'

const start = async (bindings: Readonly<Record<string, string>> = {}): Promise<Miniflare> =>
  startWorkerd(await bundleWorker(join(import.meta.dirname, 'entrypoints-worker.ts')), {
    bindings,
    entrypoints: { CATALOG: 'Catalog' },
    durableObjects: { CART: 'Cart' },
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

  it('answers a call with the method’s result, in a scope of its own', async () => {
    expect(await call('catalog/find/tea')).toEqual({ ok: true, value: { id: 'tea', stock: 3 } })
    expect(await logged(1)).toEqual(['end N'])
  })

  it('makes a result of what is none, and passes arguments on', async () => {
    expect(await call('catalog/count/1/2/3')).toEqual({ ok: true, value: 3 })
  })

  it('passes expected failures on, and errors as data with code and status', async () => {
    expect(await call('catalog/reserve')).toEqual({ ok: false, error: 'sold out' })
    expect(await call('catalog/find/coffee')).toEqual({
      ok: false,
      error: { code: 'LEX_ERR_DOM_002', status: 404, message: 'no product with this id' },
    })
    expect(await logged(1)).toEqual(['end N'])
  })

  it('says nothing of an unexpected failure but that there was one, reports it, and ends the scope', async () => {
    expect(await call('catalog/fail')).toEqual({ ok: false, error: { status: 500, message: 'Internal Server Error' } })
    expect(await logged(2)).toEqual(['end N', 'handler: secret of N'])
  })

  it('never shares a scope between interleaved calls', async () => {
    const outcomes = (await call('catalog/interleave/all')) as { value: [number, number] }[]
    expect(outcomes.every(({ value: [before, after] }) => before === after)).toBe(true)
    expect(new Set(outcomes.map(({ value: [id] }) => id)).size).toBe(20)
    expect(await logged(20)).toHaveLength(20)
  })

  it('tells the request context which call it is, and sees its waitUntil work', async () => {
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
    expect(await call('cart')).toEqual({ ok: true, value: expect.any(Number) as number })
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

  it('leaves the traces of requests to the module’s own tail handler', async () => {
    await expect.poll(() => call('log')).toContain('tail of 1')
  })

  it('answers with an error when the application does not boot', async () => {
    const broken = await start({ FAIL_BOOT: 'true' })
    try {
      const response = await broken.dispatchFetch('https://x.test/catalog/find/tea')
      expect(await response.json()).toEqual({ ok: false, error: { status: 500, message: 'Internal Server Error' } })
    } finally {
      await broken.dispose()
    }
  })
})
