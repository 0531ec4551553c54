import { describe, expect, it } from 'vitest'
import { isLexigramError } from '../errors.ts'
import { and, not, or, toSpecification } from './combine.ts'
import { fieldContains, fieldEq, fieldExists, fieldGt, fieldIn, fieldLt, fieldNe, fieldStartsWith } from './field.ts'

describe('specifications as data', () => {
  it('are plain, frozen data that printing and cloning see without the methods', () => {
    const spec = fieldEq('status', 'active').and(fieldGt('age', 18))
    const data = {
      kind: 'and',
      operands: [
        { kind: 'eq', field: 'status', value: 'active' },
        { kind: 'gt', field: 'age', value: 18 },
      ],
    }
    expect(JSON.parse(JSON.stringify(spec))).toEqual(data)
    expect(structuredClone(spec)).toStrictEqual(data)
    expect(Object.getPrototypeOf(spec)).toBe(Object.prototype)
    expect(Object.isFrozen(spec)).toBe(true)
    expect(Reflect.set(spec, 'kind', 'or')).toBe(false)
  })

  it('are the same built by functions or fluently', () => {
    const active = fieldEq('status', 'active')
    const admin = fieldEq('role', 'admin')
    expect(active.and(admin)).toEqual(and(active, admin))
    expect(active.or(admin)).toEqual(or(active, admin))
    expect(active.not()).toEqual(not(active))
  })

  it('flatten operands of the same kind, keep one operand as it is and undo a double negation', () => {
    const [a, b, c] = [fieldEq('a', 1), fieldEq('b', 2), fieldEq('c', 3)]
    expect(a.and(b).and(c)).toEqual(and(a, b, c))
    expect(and(a)).toEqual(a)
    expect(a.and(b.or(c))).toEqual({ kind: 'and', operands: [a, { kind: 'or', operands: [b, c] }] })
    expect(not(not(a))).toEqual(a)
    expect(not(not(a)).and(b)).toEqual(and(a, b))
  })

  it('stay shallow and usable when built in a loop of ten thousand', () => {
    let spec = fieldEq('n', 0)
    for (let n = 1; n < 10_000; n++) spec = n % 100 === 0 ? or(spec, fieldEq('n', n)) : spec
    expect(spec).toMatchObject({ kind: 'or', operands: { length: 100 } })
  })

  it('never change with the values they were made from', () => {
    const date = new Date(0)
    const bytes = new Uint8Array([1])
    const list = ['a']
    const spec = fieldEq('x', { date, bytes, list })
    date.setTime(9)
    bytes[0] = 9
    list.push('b')
    expect(spec).toMatchObject({ value: { date: new Date(0), bytes: new Uint8Array([1]), list: ['a'] } })
    expect(() => Reflect.apply(Array.prototype.push, Reflect.get(spec, 'value').list, ['c'])).toThrow(TypeError)
  })

  it('come back to life from a structured clone', () => {
    const spec = and(fieldEq('at', new Date(5)), fieldIn('id', [1n, 2n]))
    const revived = toSpecification(structuredClone({ ...spec }))
    expect(revived.or(fieldExists('x'))).toEqual(spec.or(fieldExists('x')))
  })
})

describe('bad operands', () => {
  const refusals: readonly [string, () => unknown][] = [
    ['an empty field', () => fieldEq('', 1)],
    ['an empty segment', () => fieldEq('a..b', 1)],
    ['an operator as a field', () => fieldEq('$where', 'x')],
    ['an operator within a path', () => fieldEq('a.$gt', 'x')],
    ['a path to a prototype', () => fieldEq('a.__proto__.b', 'x')],
    ['a field that is not text', () => Reflect.apply(fieldEq, undefined, [{ $ne: 1 }, 1])],
    ['undefined', () => fieldEq('a', undefined)],
    ['NaN', () => fieldNe('a', Number.NaN)],
    ['infinity', () => fieldGt('a', Infinity)],
    ['an invalid date', () => fieldLt('a', new Date(Number.NaN))],
    ['a function', () => fieldEq('a', () => true)],
    ['a symbol', () => fieldEq('a', Symbol('x'))],
    ['a regular expression', () => fieldEq('a', /x/)],
    ['a map', () => fieldEq('a', new Map())],
    ['a prototype key', () => fieldEq('a', JSON.parse('{"__proto__":{"x":1}}'))],
    ['an object in a comparison', () => Reflect.apply(fieldGt, undefined, ['a', { $ne: 1 }])],
    ['null in a comparison', () => Reflect.apply(fieldLt, undefined, ['a', null])],
    ['text in place of a list', () => Reflect.apply(fieldIn, undefined, ['a', 'xyz'])],
    ['a bad element of a list', () => fieldIn('a', [1, undefined])],
    ['a pattern in place of text', () => Reflect.apply(fieldContains, undefined, ['a', /x/])],
    ['an object in place of text', () => Reflect.apply(fieldStartsWith, undefined, ['a', { $gt: '' }])],
    ['bottomless nesting', () => fieldEq('a', nested(40))],
  ]

  it.each(refusals)('refuses %s with a usage error that does not repeat the value', (_, build) => {
    let thrown: unknown
    try {
      build()
    } catch (error) {
      thrown = error
    }
    expect(isLexigramError(thrown) && thrown.code).toBe('LEX_ERR_USE_001')
    expect(String(thrown)).not.toContain('xyz')
  })
})

function nested(depth: number): unknown {
  return depth === 0 ? 1 : [nested(depth - 1)]
}
