import { describe, expect, it } from 'vitest'
import { NoSQLFilterError, UnsupportedOperationError } from '../../errors.ts'
import { parseFilter } from './parse-filter.ts'

const refused: readonly unknown[] = [
  null,
  [],
  'x',
  { $and: [] },
  { $and: {} },
  { $or: [1] },
  { $nor: [null] },
  { $gt: 1 },
  { $unknown: 1 },
  { a: { $unknown: 1 } },
  { a: { $gt: 1, b: 1 } },
  { a: { $in: 1 } },
  { a: { $in: [{ $gt: 1 }] } },
  { a: { $nin: null } },
  { a: { $not: {} } },
  { a: { $not: 1 } },
  { a: { $not: { b: 1 } } },
  { a: { $ne: /x/ } },
  { a: { $gt: /x/ } },
  { a: { $all: 1 } },
  { a: { $exists: Symbol('x') } },
  { a: { $exists: () => true } },
  { a: { $exists: 2n ** 70n } },
  { a: { $all: [{ $gt: 1 }] } },
  { a: { $all: [{ $elemMatch: {} }, 1] } },
  { a: { $elemMatch: 1 } },
  { a: { $elemMatch: [] } },
  { a: { $elemMatch: { $expr: true } } },
  { a: { $elemMatch: { $where: '1' } } },
  { a: { $size: -1 } },
  { a: { $size: 1.5 } },
  { a: { $size: '1' } },
  { a: { $mod: [0, 1] } },
  { a: { $mod: [0.5, 1] } },
  { a: { $mod: [1] } },
  { a: { $mod: [1, 2, 3] } },
  { a: { $mod: [1, '1'] } },
  { a: { $mod: [1e300, 1] } },
  { a: { $type: 'integer' } },
  { a: { $type: [] } },
  { a: { $type: 0 } },
  { a: { $type: 1.5 } },
  { a: { $type: null } },
  { a: { $regex: 1 } },
  { a: { $regex: 'x', $options: 'g' } },
  { a: { $regex: /x/i, $options: 'm' } },
  { a: { $options: 'i' } },
  { a: /x/g },
  { a: { $bitsAllSet: -1 } },
  { a: { $bitsAllSet: 1.5 } },
  { a: { $bitsAllSet: 2 ** 63 } },
  { a: { $bitsAllSet: [-1] } },
  { a: { $bitsAllSet: '1' } },
  { a: undefined },
  { a: Number.NaN },
  { a: Number.POSITIVE_INFINITY },
  { a: 2n ** 63n },
  { a: new Date(Number.NaN) },
  { a: { b: undefined } },
  { a: () => 1 },
  { a: new Map() },
  { $alwaysTrue: true },
  { $sampleRate: 2 },
  { $sampleRate: '1' },
  { a: { $elemMatch: { $sampleRate: 0.5 } } },
]

describe('parseFilter', () => {
  it.each(refused.map((filter) => [filter]))('refuses %o', (filter) => {
    expect(() => parseFilter(filter)).toThrow(NoSQLFilterError)
  })

  it('refuses operators that this store never runs', () => {
    for (const filter of [
      { $where: 'x' },
      { $text: {} },
      { $jsonSchema: {} },
      { a: { $geoWithin: {} } },
      { $expr: 1 },
    ]) {
      expect(() => parseFilter(filter)).toThrow(UnsupportedOperationError)
    }
  })

  it('says where and why, never with which value', () => {
    const attempt = (): unknown => parseFilter({ $and: [{ a: { $not: { $size: 'secret' } } }] })
    expect(attempt).toThrow(expect.objectContaining({ path: '$and.0.a.$not.$size', reason: 'FailedToParse' }))
    expect(attempt).not.toThrow(/secret/)
  })

  it('refuses filters that are too deep, whatever makes them so', () => {
    let value: unknown = 1
    let negated: unknown = { $gt: 1 }
    let filter: unknown = { a: 1 }
    for (let depth = 0; depth < 200; depth++) {
      value = { b: value }
      negated = { $not: negated }
      filter = { $and: [filter] }
    }
    for (const deep of [{ a: value }, { a: negated }, filter]) expect(() => parseFilter(deep)).toThrow(NoSQLFilterError)
  })

  it('keeps its own copy of values', () => {
    const list = [1, 2]
    const node = parseFilter({ a: { $in: list } })
    list.push(3)
    expect(node).toMatchObject({ test: { values: [1, 2] } })
  })
})

describe('an unknown operator', () => {
  it('is named only when it is a word', () => {
    expect(() => parseFilter({ a: { $gth: 1 } })).toThrow(/^\$gth cannot be used here/)
    expect(() => parseFilter({ a: { '$<script>': 1 } })).toThrow(/^this name cannot be used here/)
    expect(() => parseFilter({ a: { $gt: 1, plain: 1 } })).toThrow(/an object of operators must not have plain fields/)
  })
})
