import { afterEach, describe, expect, it, vi } from 'vitest'
import { repeatCall, waitWithJitter, type CallFailure, type RepeatOptions } from './repeat.ts'

interface FailureOptions {
  readonly isRetriable?: boolean
  readonly notCarriedOut?: boolean
  readonly retryAfter?: number
}

class Failure extends Error implements CallFailure {
  attempts = 0
  mayBeDone = false
  readonly isRetriable: boolean
  readonly notCarriedOut: boolean

  readonly retryAfter: number | undefined

  constructor({ isRetriable = true, notCarriedOut = true, retryAfter }: FailureOptions = {}) {
    super('a failure')
    this.retryAfter = retryAfter
    this.isRetriable = isRetriable
    this.notCarriedOut = notCarriedOut
  }
}

const refused = { notCarriedOut: true }
const unanswered = { notCarriedOut: false }
const policy = { attempts: 4, firstWait: 1, longestWait: 2, longestCall: 1000 }

/** Fails in these ways, one after the other, and then answers. */
async function run(ways: readonly ConstructorParameters<typeof Failure>[0][], options: Partial<RepeatOptions> = {}) {
  let calls = 0
  const outcome = await repeatCall(
    async () => {
      const way = ways[calls++]
      if (way !== undefined) throw new Failure(way)
      return 'done'
    },
    {
      policy,
      limits: {},
      isIdempotent: false,
      failureOf: (error) => (error instanceof Failure ? error : undefined),
      name: { driver: 'test', request: 'Get' },
      ...options,
    },
  ).catch((error: unknown) => error as Failure)
  return { outcome, calls }
}

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('a repeated call', () => {
  it('ends with its signal where AbortSignal.any is missing, as in Vercel’s edge runtime', async () => {
    vi.stubGlobal('AbortSignal', {})
    const caller = new AbortController()
    const failureOf = () => undefined
    const name = { driver: 'test', request: 'Get' }
    const send = (signal: AbortSignal) => {
      caller.abort(new Error('the client left'))
      return signal.aborted ? Promise.reject(signal.reason as Error) : Promise.resolve('done')
    }
    const limits = { signal: caller.signal }
    await expect(repeatCall(send, { policy, limits, isIdempotent: false, failureOf, name })).rejects.toThrow(
      'the client left',
    )
  })

  it('is sent again when it was not carried out', async () => {
    expect(await run([refused, refused])).toEqual({ outcome: 'done', calls: 3 })
  })

  it('is not sent again when it may have been carried out, unless that does no harm', async () => {
    expect(await run([unanswered])).toMatchObject({ outcome: { attempts: 1, mayBeDone: true }, calls: 1 })
    expect(await run([unanswered], { isIdempotent: true })).toEqual({ outcome: 'done', calls: 2 })
  })

  it('remembers that an attempt before the last one may have been carried out', async () => {
    const { outcome } = await run([unanswered, refused, { isRetriable: false }], { isIdempotent: true })
    expect(outcome).toMatchObject({ attempts: 3, notCarriedOut: true, mayBeDone: true })
    expect((await run([refused, { isRetriable: false }])).outcome).toMatchObject({ attempts: 2, mayBeDone: false })
  })

  const always = Array.from({ length: 9 }, () => refused)

  it('ends after so many attempts', async () => {
    expect(await run(always)).toMatchObject({ outcome: { attempts: 4 }, calls: 4 })
  })

  it('ends at the deadline', async () => {
    expect(await run(always, { limits: { deadline: Date.now() } })).toMatchObject({ calls: 1 })
  })

  it.each([1000, 1e15, Infinity])(
    'ends at once where it must wait for %d ms, which is too long',
    async (retryAfter) => {
      expect(await run([{ ...refused, retryAfter }])).toMatchObject({ outcome: { attempts: 1 }, calls: 1 })
    },
  )

  it('waits for as long as it was asked to', async () => {
    const begun = performance.now()
    expect(await run([{ ...refused, retryAfter: 30 }])).toMatchObject({ calls: 2 })
    expect(performance.now() - begun).toBeGreaterThanOrEqual(29)
  })

  it('is sent again also where the deadline leaves little more than the wait', async () => {
    const limits = { deadline: Date.now() + 60 }
    const slow = { ...policy, firstWait: 1e9, longestWait: 1e9 }
    expect(await run([{ ...refused, retryAfter: 20 }], { limits, policy: slow })).toMatchObject({ calls: 2 })
  })

  it('does not repeat a defect', async () => {
    expect(await run([refused], { failureOf: () => undefined })).toMatchObject({ calls: 1 })
  })
})

describe('the wait between two attempts', () => {
  it('ends at once when the signal aborts', async () => {
    const controller = new AbortController()
    const begun = Date.now()
    const waiting = waitWithJitter(1, { attempts: 2, firstWait: 1e9, longestWait: 1e9 }, { signal: controller.signal })
    controller.abort()
    expect(await waiting).toBe(false)
    expect(Date.now() - begun).toBeLessThan(1000)
  })
})
