import { afterEach, describe, expect, it, vi } from 'vitest'
import { signalFor } from './time-limit.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

const timeout = AbortSignal.timeout.bind(AbortSignal)

const aborted = (signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason), { once: true }))

describe.each([
  ['with AbortSignal.any', AbortSignal],
  // As in Vercel's edge runtime.
  ['without it', { timeout }],
])('a signal made of several, %s', (_name, available) => {
  it('aborts with the first of them, for its reason', async () => {
    vi.stubGlobal('AbortSignal', available)
    const [one, other] = [new AbortController(), new AbortController()]
    const signal = signalFor([one.signal, other.signal], undefined, 0)
    expect(signal.aborted).toBe(false)
    const reason = aborted(signal)
    other.abort('the client left')
    one.abort('too late')
    expect(await reason).toBe('the client left')
    expect(signalFor([one.signal, new AbortController().signal], undefined, 0).reason).toBe('too late')
  })

  it('never aborts when there are none', () => {
    vi.stubGlobal('AbortSignal', available)
    expect(signalFor([], undefined, 0).aborted).toBe(false)
  })

  it('aborts at the deadline', async () => {
    vi.stubGlobal('AbortSignal', available)
    const signal = signalFor([new AbortController().signal], 1000, 999)
    expect(await aborted(signal)).toMatchObject({ name: 'TimeoutError' })
  })
})

describe('a deadline', () => {
  it('may be between two milliseconds, in the past, or further away than a timer reaches', async () => {
    const timeout = vi.spyOn(AbortSignal, 'timeout')
    for (const deadline of [298.5, -1, 2 ** 40, Infinity])
      expect(signalFor([], deadline, 0)).toBeInstanceOf(AbortSignal)
    expect(timeout.mock.calls.flat()).toEqual([298, 0, 2 ** 31 - 1, 2 ** 31 - 1])
  })
})
