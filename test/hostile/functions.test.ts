import { describe, expect, it } from 'vitest'
import * as root from '../../src/index.ts'
import { respond } from '../../src/hono/index.ts'
import { firestoreIndexes } from '../../src/nosql/drivers/firestore/index.ts'
import { isSatisfiedBy, isSpecification, fieldEq } from '../../src/core/specification/index.ts'
import { openDatabase } from '../../src/sql/index.ts'

const junk = [undefined, null, 7, 'x', true, Symbol('x'), () => 1, [7], {}, new Map(), Promise.resolve(1)]

const { ok } = root
/** Each with one argument that is wrong. */
const calls: Readonly<Record<string, (wrong: never) => unknown>> = {
  isOk: root.isOk,
  isErr: root.isErr,
  map: (wrong) => root.map(wrong, String),
  mapErr: (wrong) => root.mapErr(wrong, String),
  andThen: (wrong) => root.andThen(wrong, () => ok()),
  orElse: (wrong) => root.orElse(wrong, () => ok()),
  match: (wrong) => root.match(wrong, { ok: () => 1, err: () => 2 }),
  unwrap: root.unwrap,
  unwrapOr: (wrong) => root.unwrapOr(wrong, 1),
  mapAsync: (wrong) => root.mapAsync(wrong, String),
  andThenAsync: (wrong) => root.andThenAsync(wrong, () => ok()),
  orElseAsync: (wrong) => root.orElseAsync(wrong, () => ok()),
  'collect, one of the results': (wrong) => root.collect([ok(), wrong]),
  'partition, one of the results': (wrong) => root.partition([ok(), wrong]),
  graph: root.graph,
  respond: (wrong) => respond({} as never, wrong), // not reached
  firestoreIndexes,
  'isSatisfiedBy, the specification': (wrong) => isSatisfiedBy(wrong, { a: 1 }),
  'openDatabase, the drivers': (wrong) => openDatabase({ url: 'postgres://h/d', drivers: wrong }),
}

/** Each in the place of a function, so that a function is right. */
const callbacks: Readonly<Record<string, (wrong: never) => unknown>> = {
  map: (wrong) => root.map(ok(1), wrong),
  mapErr: (wrong) => root.mapErr(root.err(1), wrong),
  andThen: (wrong) => root.andThen(ok(1), wrong),
  orElse: (wrong) => root.orElse(root.err(1), wrong),
  match: (wrong) => root.match(ok(1), { ok: wrong, err: wrong }),
  mapAsync: (wrong) => root.mapAsync(ok(1), wrong),
  andThenAsync: (wrong) => root.andThenAsync(ok(1), wrong),
  orElseAsync: (wrong) => root.orElseAsync(root.err(1), wrong),
  attempt: (wrong) => root.attempt(wrong, String),
  'attempt, the error': (wrong) => root.attempt(() => 1, wrong),
  collect: (wrong) => root.collect(wrong),
  named: (wrong) => root.named(wrong, 'x'),
}

async function codesOf(call: (wrong: never) => unknown, given: readonly unknown[]): Promise<unknown[]> {
  const codes: unknown[] = []
  for (const wrong of given) {
    try {
      await call(wrong as never) // wrong on purpose
      codes.push('no error')
    } catch (error) {
      codes.push(root.isLexigramError(error) ? error.code : error)
    }
  }
  return codes
}

describe('a wrong argument is refused with a code', () => {
  it.each(Object.entries(calls))('by %s', async (_, call) => {
    const wrong = junk.filter((value) => value !== 'x')
    expect(new Set(await codesOf(call, wrong))).toEqual(new Set(['LEX_ERR_USE_001']))
  })

  it.each(Object.entries(callbacks))('in the place of a function, by %s', async (_, call) => {
    const wrong = [undefined, null, 7, true, Symbol('x')]
    expect(new Set(await codesOf(call, wrong))).toEqual(new Set(['LEX_ERR_USE_001']))
  })

  it.each([undefined, null, 7, 'x'])('isSpecification(%s) is false', (value) => {
    expect(isSpecification(value)).toBe(false)
  })

  it('isSatisfiedBy refuses an entity without fields', async () => {
    const given = [undefined, null, 7, 'x']
    expect(new Set(await codesOf((entity) => isSatisfiedBy(fieldEq('a', 1), entity), given))).toEqual(
      new Set(['LEX_ERR_USE_001']),
    )
  })
})
