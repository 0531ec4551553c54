import { describe, expect, it } from 'vitest'
import { cachedCredentials } from './cached-credentials.ts'

const keys = (accessKeyId: string, expiresAt?: number) => ({
  accessKeyId,
  secretAccessKey: 'secret',
  ...(expiresAt !== undefined && { expiresAt }),
})

/** A provider that counts its calls, and a clock that stands still. */
function kept(answers: readonly (ReturnType<typeof keys> | Error)[], limit?: number) {
  let time = 0
  let calls = 0
  const cached = cachedCredentials(
    async () => {
      const answer = answers[Math.min(calls++, answers.length - 1)]
      if (answer instanceof Error) throw answer
      return answer as ReturnType<typeof keys>
    },
    { now: () => time, ...(limit !== undefined && { limit }) },
  )
  return {
    cached,
    at: (ms: number) => (time = ms),
    calls: () => calls,
    id: async () => (await cached.get()).accessKeyId,
  }
}

const hour = 3_600_000

describe('credentials of a provider', () => {
  it('are asked for once, however many wait', async () => {
    const { id, calls } = kept([keys('a')])
    expect(await Promise.all(Array.from({ length: 50 }, id))).toEqual(Array.from({ length: 50 }, () => 'a'))
    expect(await id()).toBe('a')
    expect(calls()).toBe(1)
  })

  it('are renewed five minutes before they end, once', async () => {
    const { id, at, calls } = kept([keys('a', hour), keys('b', 2 * hour)])
    await id()
    at(hour - 300_001)
    expect(await id()).toBe('a')
    at(hour - 299_999)
    expect(await Promise.all([id(), id(), id()])).toEqual(['b', 'b', 'b'])
    expect(calls()).toBe(2)
  })

  it('are kept for three quarters of a short life', async () => {
    const { id, at, calls } = kept([keys('a', 60_000), keys('b', 120_000)])
    await id()
    at(44_000)
    expect(await id()).toBe('a')
    at(46_000)
    expect(await id()).toBe('b')
    expect(calls()).toBe(2)
  })

  it('serve until they end when they cannot be renewed, without a call for each request', async () => {
    const { id, at, calls } = kept([keys('a', hour), new Error('down'), new Error('down'), keys('b', 3 * hour)])
    await id()
    at(hour - 200_000)
    expect(await id()).toBe('a')
    expect(await id()).toBe('a')
    expect(calls()).toBe(2)
    at(hour)
    await expect(id()).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_002', cause: { message: 'down' } })
    expect(await id()).toBe('b')
  })

  it('are asked for anew after a wait as long as the limit', async () => {
    let calls = 0
    const cached = cachedCredentials(
      () => (++calls === 1 ? new Promise(() => undefined) : Promise.resolve(keys('b'))),
      { limit: 20 },
    )
    await expect(cached.get()).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_002' })
    expect((await cached.get()).accessKeyId).toBe('b')
  })

  it('are forgotten when AWS refuses them, unless they are newer', async () => {
    const { cached, id, calls } = kept([keys('a', hour), keys('b', hour)])
    const first = await cached.get()
    cached.drop(first)
    expect(await id()).toBe('b')
    cached.drop(first)
    expect(await id()).toBe('b')
    expect(calls()).toBe(2)
  })

  it.each([undefined, {}, { accessKeyId: 'a' }, { accessKeyId: 'a', secretAccessKey: 'top\nsecret' }])(
    'are refused without their value where they are malformed: %j',
    async (given) => {
      const error = await cachedCredentials(() => Promise.resolve(given as never))
        .get()
        .catch((thrown: unknown) => thrown as Error)
      expect(error).toMatchObject({ code: 'LEX_ERR_USE_001' })
      expect(String(error)).not.toContain('top')
    },
  )
})
