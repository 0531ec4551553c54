import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NotFoundError } from '../errors.ts'
import { attempt } from './attempt.ts'
import { andThen, andThenAsync, map, mapAsync, mapErr, match, orElse, orElseAsync, unwrap, unwrapOr } from './chain.ts'
import { collect, partition } from './combine.ts'
import { err, isErr, isOk, isResult, ok, type Result } from './result.ts'

const results = fc.oneof(
  fc.integer().map((n): Result<number, string> => ok(n)),
  fc.string().map((s): Result<number, string> => err(s)),
)

describe('Result', () => {
  it('is plain data that survives JSON', () => {
    expect(JSON.parse(JSON.stringify(ok(1)))).toEqual({ ok: true, value: 1 })
    expect(JSON.parse(JSON.stringify(err('no')))).toEqual({ ok: false, error: 'no' })
  })

  it('is recognised by shape', () => {
    for (const result of [ok(), ok(1), err('no'), err(undefined)]) expect(isResult(result)).toBe(true)
    for (const other of [null, undefined, 1, {}, { ok: true }, { ok: false }, { ok: 'true', value: 1 }]) {
      expect(isResult(other)).toBe(false)
    }
    expect([isOk(ok(1)), isErr(ok(1)), isOk(err(1)), isErr(err(1))]).toEqual([true, false, false, true])
  })
})

describe('chain', () => {
  it('obeys the monad laws', () => {
    const f = (n: number): Result<number, string> => (n > 0 ? ok(n * 2) : err('not positive'))
    const g = (n: number): Result<number, string> => (n < 100 ? ok(n + 1) : err('too large'))
    fc.assert(
      fc.property(results, fc.integer(), (result, n) => {
        expect(andThen(ok(n), f)).toEqual(f(n))
        expect(andThen(result, (value) => ok(value))).toEqual(result)
        expect(andThen(andThen(result, f), g)).toEqual(andThen(result, (value) => andThen(f(value), g)))
        expect(map(result, (value) => value)).toEqual(result)
      }),
    )
  })

  it('does on promises what it does on values', async () => {
    const f = (n: number): Result<number, string> => (n > 0 ? ok(n * 2) : err('no'))
    await fc.assert(
      fc.asyncProperty(results, async (result) => {
        expect(await mapAsync(Promise.resolve(result), async (n) => n + 1)).toEqual(map(result, (n) => n + 1))
        expect(await andThenAsync(result, async (n) => f(n))).toEqual(andThen(result, f))
        expect(await orElseAsync(result, async () => ok(0))).toEqual(orElse(result, () => ok(0)))
      }),
    )
  })

  it('maps failures', () => {
    expect(mapErr(err('a'), (e) => `${e}!`)).toEqual(err('a!'))
    expect(mapErr(ok(1), () => 'never')).toEqual(ok(1))
  })

  it('folds both sides', () => {
    expect(match(ok(2) as Result<number, string>, { ok: (n) => n, err: (e) => e })).toBe(2)
    expect(match(err('e') as Result<number, string>, { ok: (n) => n, err: (e) => e })).toBe('e')
    expect([unwrapOr(ok(1), 2), unwrapOr(err('x'), 2)]).toEqual([1, 2])
  })

  it('folds by the methods of an object', () => {
    const on = {
      factor: 3,
      ok(n: number): number {
        return n * this.factor
      },
      err: () => 0,
    }
    expect(match(ok(2) as Result<number, string>, on)).toBe(6)
  })

  it('refuses to fold without functions', () => {
    for (const on of [undefined, null, {}]) {
      expect(() => match(ok(2), on as never)).toThrow(/^what match calls must be a function/)
    }
  })

  it('unwraps a failure by throwing the error itself, or a usage error around a value', () => {
    const error = new NotFoundError('gone')
    expect(unwrap(ok(1))).toBe(1)
    expect(() => unwrap(err(error))).toThrow(error)
    expect(() => unwrap(err('private'))).toThrowError(/failed result/)
  })
})

describe('combine', () => {
  it('collects successes in order or returns the first failure', () => {
    fc.assert(
      fc.property(fc.array(results), (all) => {
        const firstFailure = all.find((result) => !result.ok)
        expect(collect(all)).toEqual(firstFailure ?? ok(all.map((result) => (result as { value: number }).value)))
        const { values, errors } = partition(all)
        expect(values.length + errors.length).toBe(all.length)
      }),
    )
  })
})

describe('attempt', () => {
  it('waits for whatever can be awaited, as query builders can be', async () => {
    const builder = (outcome: Promise<number>): Promise<number> =>
      // Like Drizzle's builders: a promise by its type, and none by its class.
      // oxlint-disable-next-line unicorn/no-thenable
      ({ then: outcome.then.bind(outcome) }) as unknown as Promise<number>
    const toError = (thrown: unknown) => (thrown as Error).message
    expect(await attempt(() => builder(Promise.resolve(1)), toError)).toEqual(ok(1))
    expect(await attempt(() => builder(Promise.reject(new Error('taken'))), toError)).toEqual(err('taken'))
  })

  const toError = (thrown: unknown): string => (thrown as Error).message

  it('turns a throw or a rejection into a failure', async () => {
    expect(attempt(() => 1, toError)).toEqual(ok(1))
    expect(attempt(() => fail('a'), toError)).toEqual(err('a'))
    await expect(attempt(async () => 1, toError)).resolves.toEqual(ok(1))
    await expect(attempt(async () => fail('b'), toError)).resolves.toEqual(err('b'))
  })

  it('lets a bug be rethrown', () => {
    const rethrow = (thrown: unknown): never => {
      throw thrown
    }
    expect(() => attempt(() => fail('bug'), rethrow)).toThrow('bug')
  })
})

function fail(message: string): never {
  throw new Error(message)
}
