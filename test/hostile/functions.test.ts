import { describe, expect, it } from 'vitest'
import * as root from '../../src/index.ts'
import { httpSourceOf } from '../../adapters/lambda/index.ts'
import { respond } from '../../src/hono/index.ts'
import { ChangeStream, Collection, NoSQLFilterError } from '../../src/nosql/index.ts'
import { firestoreIndexes } from '../../src/nosql/drivers/firestore/index.ts'
import { isSatisfiedBy, isSpecification, fieldEq } from '../../src/core/specification/index.ts'
import {
  connectionProvider,
  type Connection,
  isCausedByAbort,
  parseTraceParent,
  runBatch,
  stopOnTermination,
  watchByPulling,
} from '../../src/runtime/index.ts'
import { AnswerTooLargeError, formatStatementLog, openDatabase, toSqlError } from '../../src/sql/index.ts'
import { documentStoreConformance, expectMetric, expectTrace, repositoryConformance } from '../../src/testing/index.ts'
import { traced } from '../../src/tracing/index.ts'

const junk = [undefined, null, 7, 'x', true, Symbol('x'), () => 1, [7], {}, new Map(), Promise.resolve(1)]

const { ok } = root
const process = { on: () => {}, listenerCount: () => 0, exit: () => {} }
const times = { budget: 1, grace: 1 }
const batch = { source: 'orders', onError: () => {} }
const harness = { open: () => Promise.reject(new Error('not opened')) }
class Refused extends root.DomainError {
  readonly code = 'REFUSED'
}
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
  'new ChangeStream, what it reads': (wrong) => new ChangeStream(wrong, {} as never), // not reached
  'runBatch, an item': (wrong) => runBatch([wrong], batch),
  'runBatch, the options': (wrong) => runBatch([], wrong),
  'stopOnTermination, the process': (wrong) => stopOnTermination(async () => {}, wrong, times),
  'stopOnTermination, the times': (wrong) => stopOnTermination(async () => {}, process, wrong),
  'watchByPulling, the body': (wrong) => watchByPulling(wrong, () => {}),
  formatStatementLog,
  'new AnswerTooLargeError, the outcome': (wrong) => new AnswerTooLargeError(1, wrong),
  'expectTrace, the tracer': (wrong) => expectTrace(wrong, { name: 'x' }),
  'expectMetric, the tracer': (wrong) => expectMetric(wrong, { name: 'x' }),
  'documentStoreConformance, the framework': (wrong) => documentStoreConformance(harness, wrong),
  'repositoryConformance, the framework': (wrong) => repositoryConformance(harness, wrong),
  'openDatabase, the drivers': (wrong) => openDatabase({ url: 'postgres://h/d', drivers: wrong }),
}

/** Each in the place of an object, which may be any. */
const objects: Readonly<Record<string, (wrong: never) => unknown>> = {
  'new Collection': (wrong) => new Collection(wrong),
  httpSourceOf,
  'connectionProvider, the token': (wrong) => connectionProvider(wrong, () => wrong),
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
  'connectionProvider, what it calls': (wrong) => connectionProvider(root.token<Connection>('x'), wrong),
  'stopOnTermination, what it calls': (wrong) => stopOnTermination(wrong, process, times),
  'traced, its work': (wrong) => traced(undefined, { is: 'boot', name: 'x' } as never, wrong),
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
  it.each(Object.entries(calls))('%s refuses a wrong argument with a code', async (_, call) => {
    const wrong = junk.filter((value) => value !== 'x')
    expect(new Set(await codesOf(call, wrong))).toEqual(new Set(['LEX_ERR_USE_001']))
  })

  it.each(Object.entries(objects))('%s refuses a wrong argument in the place of an object', async (_, call) => {
    expect(new Set(await codesOf(call, [undefined, null, 7, 'x', true]))).toEqual(new Set(['LEX_ERR_USE_001']))
  })

  it.each(Object.entries(callbacks))('%s refuses a wrong argument in the place of a function', async (_, call) => {
    const wrong = [undefined, null, 7, true, Symbol('x')]
    expect(new Set(await codesOf(call, wrong))).toEqual(new Set(['LEX_ERR_USE_001']))
  })

  it.each([null, 7, 'x', true, Symbol('x'), () => 1, new Error('x')])(
    'an error refuses %s in the place of its options',
    async (value) => {
      const codes = await codesOf((options) => new Refused('x', options), [value])
      expect(codes).toEqual(['LEX_ERR_USE_001'])
    },
  )

  it.each([undefined, null, 7, Symbol('x'), {}])('an error refuses %s in the place of its message', async (value) => {
    expect(await codesOf((message) => new Refused(message), [value])).toEqual(['LEX_ERR_USE_001'])
  })

  it('keeps an error in the place of options', () => {
    const lost = new Error('what happened')
    expect(() => new Refused('x', lost)).toThrow(expect.objectContaining({ cause: lost }))
  })

  it.each([undefined, null, 7, 'x', {}])('a ValidationError refuses %s in the place of its issues', async (value) => {
    expect(await codesOf((issues) => new root.ValidationError('x', issues), [value])).toEqual(['LEX_ERR_USE_001'])
  })

  it.each([undefined, null, 7, 'x'])('a NoSQLFilterError refuses %s in the place of its options', async (value) => {
    expect(await codesOf((options) => new NoSQLFilterError('x', options), [value])).toEqual(['LEX_ERR_USE_001'])
  })

  it.each([null, 7, 'x'])('toSqlError refuses %s in the place of its options', async (value) => {
    expect(await codesOf((options) => toSqlError(new Error('x'), options), [value])).toEqual(['LEX_ERR_USE_001'])
  })

  it.each([null, 7, 'x', {}])('traced refuses %s in the place of the span', async (value) => {
    const call = (span: never) => traced(span, { is: 'work', name: 'x' } as never, () => 1)
    expect(await codesOf(call, [value])).toEqual(['LEX_ERR_USE_001'])
  })

  it.each([undefined, null, 7, Symbol('x'), ['00']])('parseTraceParent(%s) is undefined', (value) => {
    expect(parseTraceParent(value as never)).toBe(undefined) // wrong on purpose
  })

  it('isCausedByAbort follows causes that form a circle only so far', () => {
    const circle = new Error('x')
    circle.cause = circle
    expect(isCausedByAbort(circle, new Error('left'))).toBe(false)
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
