import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { askTogether } from './ask-together.ts'

const never = new Promise<never>(() => {})

describe('a question of several callers', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  /** Answers the questions one by one; `undefined` is never answered. */
  function asking(...answers: readonly (Promise<string> | undefined)[]) {
    let count = 0
    const ask = askTogether(() => answers[count++] ?? never)
    return { ask, count: () => count }
  }

  it('is asked once while it waits for its answer', async () => {
    const { ask, count } = asking(Promise.resolve('a'), Promise.resolve('b'))
    expect(await Promise.all([ask(), ask(), ask()])).toEqual(['a', 'a', 'a'])
    expect(await ask()).toBe('b')
    expect(count()).toBe(2)
  })

  it('fails for all who wait', async () => {
    const { ask, count } = asking(Promise.reject(new Error('down')))
    const outcomes = await Promise.allSettled([ask(), ask()])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(count()).toBe(1)
  })

  it('a question of several callers that is not answered for a second is asked once more', async () => {
    const { ask, count } = asking(undefined, Promise.resolve('b'))
    void ask()
    const waiting = [ask(), ask(), ask()]
    await vi.advanceTimersByTimeAsync(999)
    expect(count()).toBe(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(await Promise.all(waiting)).toEqual(['b', 'b', 'b'])
    expect(count()).toBe(2)
  })

  it('a question of several callers that is not answered for long is not waited for', async () => {
    const { ask, count } = asking(undefined, Promise.resolve('b'))
    void ask()
    await vi.advanceTimersByTimeAsync(1000)
    const waiting = [ask(), ask()]
    await vi.advanceTimersByTimeAsync(0)
    expect(await Promise.all(waiting)).toEqual(['b', 'b'])
    expect(count()).toBe(2)
  })

  it('a question of several callers that is answered late is answered', async () => {
    const late = new Promise<string>((resolve) => setTimeout(() => resolve('late'), 1500))
    const { ask } = asking(late)
    const first = ask()
    void ask()
    await vi.advanceTimersByTimeAsync(1500)
    expect(await first).toBe('late')
  })
})
