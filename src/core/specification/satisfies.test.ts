import { describe, expect, it } from 'vitest'
import { and, not, or } from './combine.ts'
import {
  fieldContains,
  fieldEq,
  fieldExists,
  fieldGt,
  fieldGte,
  fieldIn,
  fieldLt,
  fieldLte,
  fieldNe,
  fieldStartsWith,
} from './field.ts'
import { isSatisfiedBy } from './satisfies.ts'
import type { Specification } from './specification.ts'

const rows: readonly [string, Specification, object, boolean][] = [
  ['equal text', fieldEq('a', 'x'), { a: 'x' }, true],
  ['other text', fieldEq('a', 'x'), { a: 'y' }, false],
  ['null and a missing field', fieldEq('a', null), {}, true],
  ['null and undefined', fieldEq('a', null), { a: undefined }, true],
  ['null and null', fieldEq('a', null), { a: null }, true],
  ['null and a value', fieldEq('a', null), { a: 0 }, false],
  ['ne and a missing field', fieldNe('a', 'x'), {}, true],
  ['ne null and a missing field', fieldNe('a', null), {}, false],
  ['a number and the same bigint', fieldEq('a', 1), { a: 1n }, true],
  ['a big int64 and its nearest double', fieldEq('a', 9007199254740993n), { a: 9007199254740992 }, false],
  ['a number and its text', fieldEq('a', 1), { a: '1' }, false],
  ['equal dates', fieldEq('a', new Date(7)), { a: new Date(7) }, true],
  ['equal bytes', fieldEq('a', new Uint8Array([1, 2])), { a: new Uint8Array([1, 2]) }, true],
  ['other bytes', fieldEq('a', new Uint8Array([1, 2])), { a: new Uint8Array([1, 3]) }, false],
  ['equal objects', fieldEq('a', { x: 1, y: [2] }), { a: { x: 1, y: [2] } }, true],
  ['objects in another key order', fieldEq('a', { x: 1, y: 2 }), { a: { y: 2, x: 1 } }, false],
  ['an operator in a value is data', fieldEq('a', { $ne: 1 }), { a: 2 }, false],
  ['an element of an array', fieldEq('a', 'x'), { a: ['y', 'x'] }, true],
  ['a whole array', fieldEq('a', ['x', 'y']), { a: ['x', 'y'] }, true],
  ['an array within an array', fieldEq('a', ['x']), { a: [['x'], 'y'] }, true],
  ['ne and an array holding it', fieldNe('a', 'x'), { a: ['y', 'x'] }, false],
  ['in', fieldIn('a', [1, null]), {}, true],
  ['in nothing', fieldIn('a', []), { a: 1 }, false],
  ['gt', fieldGt('a', 1), { a: 2 }, true],
  ['gt across classes', fieldGt('a', 1), { a: '2' }, false],
  ['gt of a missing field', fieldGt('a', 1), {}, false],
  ['gte of the same', fieldGte('a', 1n), { a: 1 }, true],
  ['lt', fieldLt('a', new Date(5)), { a: new Date(4) }, true],
  ['lt across classes', fieldLt('a', new Date(5)), { a: 4 }, false],
  ['lte', fieldLte('a', 'b'), { a: 'b' }, true],
  ['any element in range', fieldGt('a', 5), { a: [1, 9] }, true],
  ['text by code point: an emoji is above U+FF61', fieldGt('a', '\uff61'), { a: '\u{1f600}' }, true],
  ['contains', fieldContains('a', 'b.'), { a: 'ab.c' }, true],
  ['contains is literal', fieldContains('a', 'b.'), { a: 'abxc' }, false],
  ['contains is case-sensitive', fieldContains('a', 'B'), { a: 'abc' }, false],
  ['contains in an element', fieldContains('a', 'b'), { a: ['x', 'abc'] }, true],
  ['contains and a number', fieldContains('a', '1'), { a: 10 }, false],
  ['starts with', fieldStartsWith('a', 'ab'), { a: 'abc' }, true],
  ['does not start with', fieldStartsWith('a', 'b'), { a: 'abc' }, false],
  ['starts with, not after a line break', fieldStartsWith('a', 'b'), { a: 'a\nb' }, false],
  ['contains half of a character', fieldContains('a', '\ud83d'), { a: '\u{1f600}' }, false],
  ['starts with half of a character', fieldStartsWith('a', 'x\ud83d'), { a: 'x\u{1f600}' }, false],
  ['lt of an invalid date', fieldLt('a', new Date(5)), { a: new Date(Number.NaN) }, false],
  ['lt of NaN', fieldLt('a', 5), { a: Number.NaN }, false],
  ['exists with null', fieldExists('a'), { a: null }, true],
  ['exists without', fieldExists('a'), {}, false],
  ['does not exist', fieldExists('a', false), {}, true],
  ['a dotted path', fieldEq('a.b.c', 1), { a: { b: { c: 1 } } }, true],
  ['a path through an array', fieldEq('items.sku', 'k'), { items: [{ sku: 'j' }, { sku: 'k' }] }, true],
  ['a numeric index', fieldEq('items.1', 'k'), { items: ['j', 'k'] }, true],
  ['a path through a scalar is missing', fieldEq('a.b', null), { a: 5 }, true],
  ['an inherited name is not a field', fieldExists('constructor'), {}, false],
  ['and', and(fieldEq('a', 1), fieldEq('b', 2)), { a: 1, b: 2 }, true],
  ['and, one missing', and(fieldEq('a', 1), fieldEq('b', 2)), { a: 1 }, false],
  ['or', or(fieldEq('a', 1), fieldEq('b', 2)), { b: 2 }, true],
  ['and of nothing', and(), {}, true],
  ['or of nothing', or(), {}, false],
  ['not a comparison includes missing', not(fieldGt('a', 1)), {}, true],
  ['not a composite', not(and(fieldEq('a', 1), fieldEq('b', 2))), { a: 1, b: 3 }, true],
]

describe('isSatisfiedBy', () => {
  it.each(rows)('%s', (_, specification, entity, expected) => {
    expect(isSatisfiedBy(specification, entity)).toBe(expected)
    expect(isSatisfiedBy(not(specification), entity)).toBe(!expected)
  })

  it('answers for a specification of any depth', () => {
    const entity = { a: 1 }
    let [holding, failing] = [fieldEq('a', 1), fieldEq('a', 2)]
    for (let depth = 0; depth < 20_000; depth++) {
      holding = depth % 2 === 0 ? and(fieldEq('a', 1), holding) : or(fieldEq('a', 2), not(not(holding)))
      failing = depth % 2 === 0 ? and(fieldEq('a', 1), failing) : or(fieldEq('a', 2), failing)
    }
    expect([isSatisfiedBy(holding, entity), isSatisfiedBy(failing, entity)]).toEqual([true, false])
  })

  it('tells the getters of a class from its methods', () => {
    class User {
      readonly #first = 'Ada'
      get name(): string {
        return this.#first
      }
      rename(): void {}
    }
    expect(isSatisfiedBy(fieldEq('name', 'Ada'), new User())).toBe(true)
    expect(isSatisfiedBy(fieldExists('rename'), new User())).toBe(false)
  })
})
