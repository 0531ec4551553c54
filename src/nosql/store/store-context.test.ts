import { describe, expect, it } from 'vitest'
import { memory } from '../drivers/memory/memory-driver.ts'
import { createStoreContext } from './store-context.ts'
import type { Attempt, CallOptions } from './session.ts'

interface Rival extends Omit<Attempt, 'since' | 'began'> {
  readonly tookMs: number
  readonly triedForMs?: number
}

/** The wait after an attempt, where the number at random is as large as it can be; false where there is no other. */
async function waitAfter({ number, tookMs, triedForMs = tookMs }: Rival, call?: CallOptions): Promise<number | false> {
  let waited = 0
  const { backOff } = createStoreContext(memory().open({}), {
    random: (bytes) => bytes.fill(255),
    sleep: async (milliseconds) => void (waited = milliseconds),
  })
  const now = Date.now()
  const goesOn = await backOff({ number, since: now - triedForMs, began: now - tookMs }, call)
  return goesOn && Math.round(waited)
}

describe('a rival', () => {
  it.each([
    ['as long as its attempt took', 1, 100, 100],
    ['twice as long each time', 4, 0, 16],
    ['no longer than 256 ms where attempts are short', 20, 5, 256],
    ['until rivals no longer meet where attempts take long', 20, 100, 1600],
    ['five seconds at most', 20, 10_000, 5000],
  ])('waits %s', async (_how, number, tookMs, wait) => {
    expect(Math.abs(Number(await waitAfter({ number, tookMs })) - wait)).toBeLessThan(20)
  })

  it('tries for a minute where the call has no deadline', async () => {
    expect(await waitAfter({ number: 500, tookMs: 100, triedForMs: 50_000 })).toBeGreaterThan(0)
    expect(await waitAfter({ number: 500, tookMs: 100, triedForMs: 60_000 })).toBe(false)
  })

  it('keeps half of the time that is left for its next attempt', async () => {
    const wait = await waitAfter({ number: 20, tookMs: 100 }, { deadline: Date.now() + 1000 })
    expect(wait).toBeGreaterThan(400)
    expect(wait).toBeLessThanOrEqual(500)
  })

  it('gives up rather than begin an attempt that would not end in time', async () => {
    expect(await waitAfter({ number: 1, tookMs: 600 }, { deadline: Date.now() + 500 })).toBe(false)
  })

  it('stops waiting at the signal', async () => {
    const gaveUp = new Error('gave up')
    const abort = new AbortController()
    const { backOff } = createStoreContext(memory().open({}), { sleep: () => new Promise(() => undefined) })
    const waiting = backOff({ number: 1, since: Date.now(), began: Date.now() }, { signal: abort.signal })
    abort.abort(gaveUp)
    await expect(waiting).rejects.toBe(gaveUp)
  })
})
