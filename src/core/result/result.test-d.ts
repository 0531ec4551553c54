import { expectTypeOf, it } from 'vitest'
import { attempt } from './attempt.ts'
import { andThen, map, match } from './chain.ts'
import { collect } from './combine.ts'
import { err, ok, type Err, type Ok, type Result } from './result.ts'

declare const parsed: Result<number, 'not a number'>

it('narrows on ok', () => {
  if (parsed.ok) expectTypeOf(parsed.value).toEqualTypeOf<number>()
  else expectTypeOf(parsed.error).toEqualTypeOf<'not a number'>()
})

it('keeps the failures of both steps', () => {
  const half = (n: number): Result<number, 'odd'> => (n % 2 === 0 ? ok(n / 2) : err('odd'))
  expectTypeOf(andThen(parsed, half)).toEqualTypeOf<Result<number, 'not a number' | 'odd'>>()
  expectTypeOf(map(parsed, String)).toEqualTypeOf<Result<string, 'not a number'>>()
  expectTypeOf(match(parsed, { ok: String, err: () => 0 })).toEqualTypeOf<string | number>()
})

it('keeps literals and tuples', () => {
  expectTypeOf(err('odd')).toEqualTypeOf<Err<'odd'>>()
  expectTypeOf(ok()).toEqualTypeOf<Ok<void>>()
  const pair = collect([ok(1) as Result<number, 'a'>, ok('x') as Result<string, 'b'>])
  expectTypeOf(pair).toEqualTypeOf<Result<[number, string], 'a' | 'b'>>()
})

it('is a promise exactly when the function is async', () => {
  expectTypeOf(attempt(() => 1, String)).toEqualTypeOf<Result<number, string>>()
  expectTypeOf(attempt(async () => 1, String)).toEqualTypeOf<Promise<Result<number, string>>>()
})
