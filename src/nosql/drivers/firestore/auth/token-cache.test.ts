import { setTimeout as delay } from 'node:timers/promises'
import { inspect } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import { FirestoreFailure } from '../errors.ts'
import { cachedTokens } from './token-cache.ts'
import type { TokenSource } from './tokens.ts'

const never = new AbortController().signal
const minute = 60_000

function counted(life: number, clock: { now: number }) {
  let calls = 0
  const source: TokenSource = async () => {
    calls += 1
    const token = `t${calls}`
    await delay(5)
    return { token, expiresAt: clock.now + life }
  }
  return { source, calls: () => calls }
}

describe('access tokens', () => {
  it('are asked for once, however many calls wait', async () => {
    const clock = { now: 0 }
    const { source, calls } = counted(60 * minute, clock)
    const tokens = cachedTokens(source, () => clock.now)
    const all = await Promise.all(Array.from({ length: 100 }, () => tokens.current(never)))
    expect(new Set(all)).toEqual(new Set(['t1']))
    expect(calls()).toBe(1)
  })

  it('are renewed five minutes before they end, once', async () => {
    const clock = { now: 0 }
    const { source, calls } = counted(60 * minute, clock)
    const tokens = cachedTokens(source, () => clock.now)
    await tokens.current(never)
    clock.now = 54 * minute
    expect(await tokens.current(never)).toBe('t1')
    clock.now = 55 * minute
    expect(await Promise.all([tokens.current(never), tokens.current(never)])).toEqual(['t2', 't2'])
    expect(calls()).toBe(2)
  })

  it('are kept also where they live for less than five minutes', async () => {
    const clock = { now: 0 }
    const { source, calls } = counted(2 * minute, clock)
    const tokens = cachedTokens(source, () => clock.now)
    for (let call = 0; call < 5; call++) await tokens.current(never)
    expect(calls()).toBe(1)
  })

  it('are used exactly to their end where a renewal fails', async () => {
    const clock = { now: 0 }
    let isDown = false
    const tokens = cachedTokens(
      () => (isDown ? Promise.reject(new Error('down')) : Promise.resolve({ token: 't', expiresAt: 60 * minute })),
      () => clock.now,
    )
    await tokens.current(never)
    isDown = true
    clock.now = 58 * minute
    expect(await tokens.current(never)).toBe('t')
    clock.now = 60 * minute
    await expect(tokens.current(never)).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_002' })
  })

  it('access tokens that cannot be renewed are used for seconds before the source is asked again', async () => {
    const clock = { now: 0 }
    let calls = 0
    const tokens = cachedTokens(
      () => (++calls > 1 ? Promise.reject(new Error('down')) : Promise.resolve({ token: 't', expiresAt: 60 * minute })),
      () => clock.now,
    )
    await tokens.current(never)
    clock.now = 56 * minute
    for (let call = 0; call < 5; call++) expect(await tokens.current(never)).toBe('t')
    expect(calls).toBe(2)
    clock.now += 5000
    expect(await tokens.current(never)).toBe('t')
    expect(calls).toBe(3)
  })

  it('are not asked for before the time that their source has named', async () => {
    const clock = { now: 0 }
    let calls = 0
    const tokens = cachedTokens(
      () =>
        ++calls === 1
          ? Promise.reject(new FirestoreFailure('TOKEN_UNAVAILABLE', { retryAfter: 20_000 }))
          : Promise.resolve({ token: 't', expiresAt: 60 * minute }),
      () => clock.now,
    )
    await expect(tokens.current(never)).rejects.toMatchObject({ retryAfter: 20_000 })
    clock.now = 15_000
    await expect(tokens.current(never)).rejects.toMatchObject({ status: 'TOKEN_UNAVAILABLE', retryAfter: 5000 })
    expect(calls).toBe(1)
    clock.now = 20_000
    expect(await tokens.current(never)).toBe('t')
  })

  it('are asked for again after a minute, however long a wait their source has named', async () => {
    const clock = { now: 0 }
    let calls = 0
    const tokens = cachedTokens(
      () =>
        ++calls === 1
          ? Promise.reject(new FirestoreFailure('TOKEN_UNAVAILABLE', { retryAfter: 1e15 }))
          : Promise.resolve({ token: 't', expiresAt: 60 * minute }),
      () => clock.now,
    )
    await expect(tokens.current(never)).rejects.toMatchObject({ retryAfter: 1e15 })
    clock.now = minute
    expect(await tokens.current(never)).toBe('t')
  })

  it('a failure is not kept', async () => {
    let calls = 0
    const tokens = cachedTokens(() => {
      calls += 1
      return calls === 1
        ? Promise.reject(new Error('down'))
        : Promise.resolve({ token: 't', expiresAt: Date.now() + 60 * minute })
    })
    await expect(tokens.current(never)).rejects.toThrow('an access token for Firestore cannot be obtained')
    expect(await tokens.current(never)).toBe('t')
  })

  it('one that was refused is replaced once', async () => {
    const clock = { now: 0 }
    const { source, calls } = counted(60 * minute, clock)
    const tokens = cachedTokens(source, () => clock.now)
    const first = await tokens.current(never)
    tokens.forget(first)
    expect(await tokens.current(never)).toBe('t2')
    tokens.forget(first)
    expect(await tokens.current(never)).toBe('t2')
    expect(calls()).toBe(2)
  })

  it('a caller that gives up leaves the token to the others', async () => {
    const clock = { now: 0 }
    const { source } = counted(60 * minute, clock)
    const tokens = cachedTokens(source, () => clock.now)
    const gone = new AbortController()
    const patient = tokens.current(never)
    const impatient = tokens.current(gone.signal)
    gone.abort(new Error('enough'))
    await expect(impatient).rejects.toMatchObject({ status: 'CANCELLED', notCarriedOut: true })
    expect(await patient).toBe('t1')
  })

  it('a renewal that died with its request is begun again after a second', async () => {
    vi.useFakeTimers()
    try {
      let calls = 0
      const tokens = cachedTokens(() => {
        calls += 1
        return calls === 1 ? new Promise(() => undefined) : Promise.resolve({ token: 't', expiresAt: 1e15 })
      })
      const gone = new AbortController()
      const dead = tokens.current(gone.signal)
      gone.abort()
      await expect(dead).rejects.toThrow()
      const others = [tokens.current(never), tokens.current(never)]
      await vi.advanceTimersByTimeAsync(1000)
      expect(await Promise.all(others)).toEqual(['t', 't'])
      expect(calls).toBe(2)
    } finally {
      vi.useRealTimers()
    }
  })

  it.each([
    ['a line break', { token: 'secret-5512\n', expiresAt: 1e15 }],
    ['no token', { token: undefined, expiresAt: 1e15 }],
    ['no end', { token: 'secret-5512', expiresAt: Number.NaN }],
    ['nothing', undefined],
  ])('a source that returns %s is refused by a message that hides the token', async (_name, returned) => {
    const tokens = cachedTokens(() => Promise.resolve(returned as never))
    const error: unknown = await tokens.current(never).catch((thrown: unknown) => thrown)
    expect(String(error)).toContain('the source of Firestore access tokens must return a token and when it ends')
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('5512')
  })
})
