import { describe, expect, it } from 'vitest'
import type { Document } from '../../query/value.ts'
import { aggregation } from '../index.ts'

const engine = aggregation({ now: () => new Date('2024-06-15T12:00:00Z'), random: () => 0.25 })
const run = (expression: unknown, document: Document = {}) => engine.expression(expression)(document)

describe('paths and variables', () => {
  const document = { a: { b: 1 }, list: [{ v: 1 }, { v: 2 }, 3, [{ v: 4 }]], 'x.y': 5 }

  it.each<[string, unknown, unknown]>([
    ['a field', '$a', { b: 1 }],
    ['a nested field', '$a.b', 1],
    ['a missing field', '$a.c', undefined],
    ['what the objects of an array have', '$list.v', [1, 2]],
    ['no array positions', '$list.0', []],
    ['nothing inherited', '$constructor', undefined],
    ['$$ROOT with a path', '$$ROOT.a.b', 1],
    ['$$CURRENT', '$$CURRENT.a.b', 1],
    ['$$NOW', '$$NOW', new Date('2024-06-15T12:00:00Z')],
    ['$$REMOVE as missing', { kept: 1, gone: '$$REMOVE' }, { kept: 1 }],
    ['missing elements as null', ['$nope', 1], [null, 1]],
    ['a let that shadows the document', { $let: { vars: { CURRENT: '$a' }, in: '$b' } }, 1],
    [
      'an outer variable from an inner let',
      { $let: { vars: { x: 2 }, in: { $let: { vars: { y: 3 }, in: { $add: ['$$x', '$$y'] } } } } },
      5,
    ],
    [
      'vars that see the outer scope only',
      { $let: { vars: { x: 1 }, in: { $let: { vars: { x: 2, y: '$$x' }, in: '$$y' } } } },
      1,
    ],
  ])('reads %s', (_, expression, expected) => {
    expect(run(expression, document)).toEqual(expected)
  })

  it('reads variables of the caller', () => {
    const evaluate = engine.expression({ $add: ['$a', '$$more'] }, { variables: ['more'] })
    expect(evaluate({ a: 1 }, { more: 2 })).toBe(3)
    expect(evaluate({ a: 1 }, { more: 10 })).toBe(11)
  })

  it('keeps the variables of nested loops apart', () => {
    const inner = { $map: { input: [10, 20], as: 'y', in: { $add: ['$$x', '$$y'] } } }
    expect(run({ $map: { input: [1, 2], as: 'x', in: [inner, '$$x'] } })).toEqual([
      [[11, 21], 1],
      [[12, 22], 2],
    ])
  })
})

describe('refusals before a document is read', () => {
  it.each<[string, unknown, string]>([
    ['an unknown operator', { $nope: 1 }, 'InvalidPipelineOperator'],
    ['an inherited name as operator', { $constructor: 1 }, 'InvalidPipelineOperator'],
    ['two operators in one object', { $add: [1], $abs: 1 }, 'Location15983'],
    ['a dollar alone', '$', 'Location16872'],
    ['an empty segment', '$a..b', 'Location15998'],
    ['a trailing dot', '$a.', 'Location15998'],
    ['a dollar inside a path', '$a.$b', 'Location16410'],
    ['an undefined variable', '$$nope', 'Location17276'],
    ['a variable without a name', '$$', 'FailedToParse'],
    ['an upper-case variable in $let', { $let: { vars: { X: 1 }, in: 1 } }, 'Location16867'],
    ['a dotted field in an object', { 'a.b': 1 }, 'Location16405'],
    ['an operator among fields', { a: 1, $add: [1] }, 'Location16410'],
    ['a constant that fails', { $cond: ['$a', 1, { $divide: [1, 0] }] }, 'BadValue'],
    ['too many operands', { $abs: [1, 2] }, 'Location16020'],
    ['an unknown argument', { $map: { input: [], in: 1, on: 2 } }, 'FailedToParse'],
    ['a missing argument', { $filter: { input: [] } }, 'FailedToParse'],
    ['undefined', { $add: [undefined, 1] }, 'BadValue'],
    ['a function', { $add: [() => 1, 1] }, 'BadValue'],
    ['the prototype key', JSON.parse('{"a": {"__proto__": 1}}'), 'BadValue'],
  ])('refuses %s', (_, expression, reason) => {
    expect(() => engine.expression(expression)).toThrow(expect.objectContaining({ code: 'LEX_ERR_NOSQL_007', reason }))
  })

  it.each(['$function', '$accumulator'])('refuses %s, which this engine never runs', (name) => {
    expect(() => engine.expression({ [name]: {} })).toThrow(expect.objectContaining({ code: 'LEX_ERR_NOSQL_009' }))
  })

  it('names no value in a message', () => {
    expect(() => run({ $abs: '$secret' }, { secret: 'hunter2' })).not.toThrow(/hunter2/)
  })
})

describe('literals', () => {
  it('leaves $literal alone', () => {
    expect(run({ $literal: { $add: ['$a', 1] } })).toEqual({ $add: ['$a', 1] })
  })

  it('takes randomness from outside', () => {
    expect(run({ $rand: {} })).toBe(0.25)
  })
})
