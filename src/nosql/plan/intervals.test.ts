import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { finiteScalar as anyScalar } from '../../../test/support/documents/any-value.ts'
import { compareValues } from '../query/compare.ts'
import { parseFilter } from '../query/filter/parse-filter.ts'
import { compileFilter } from '../query/filter/compile-filter.ts'
import type { Value } from '../query/value.ts'
import { boundsOf } from './bounds.ts'
import { withScalars, noFacts } from './facts.ts'
import {
  covers,
  intersection,
  type Interval,
  overlap,
  pointInterval,
  pointOf,
  prefixInterval,
  sideOf,
  union,
} from './intervals.ts'

const holds = (interval: Interval, value: Value): boolean => sideOf(value, interval) === 0

/** Intervals as filters make them: from the lowest value of a class on. */
const facts = withScalars(noFacts, ['v'])
const intervalsOf = (test: object): readonly Interval[] => boundsOf(parseFilter({ v: test }), facts)?.intervals ?? []
const interval: fc.Arbitrary<Interval> = fc
  .tuple(fc.constantFrom('$eq', '$gt', '$gte', '$lt', '$lte'), anyScalar)
  .map(([name, value]) => intervalsOf({ [name]: value })[0])
  .filter((each) => each !== undefined)

describe('intervals', () => {
  it('hold exactly what their filter matches', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('$eq', '$gt', '$gte', '$lt', '$lte'),
        anyScalar,
        anyScalar,
        (name, operand, value) => {
          const test = { [name]: operand }
          expect(intervalsOf(test).some((each) => holds(each, value))).toBe(
            compileFilter(parseFilter({ v: test }))({ v: value }),
          )
        },
      ),
      { numRuns: 5000 },
    )
  })

  it('intersect in the values that both hold', () => {
    fc.assert(
      fc.property(interval, interval, anyScalar, (a, b, value) => {
        const both = intersection(a, b)
        expect(both !== undefined && holds(both, value)).toBe(holds(a, value) && holds(b, value))
      }),
      { numRuns: 5000 },
    )
  })

  it('unite in the values that any holds, sorted and apart', () => {
    fc.assert(
      fc.property(fc.array(interval, { maxLength: 5 }), fc.array(anyScalar, { maxLength: 8 }), (intervals, values) => {
        const united = union(intervals)
        for (const value of values) {
          expect(united.filter((each) => holds(each, value))).toHaveLength(
            intervals.some((each) => holds(each, value)) ? 1 : 0,
          )
        }
        const starts = united.map(({ lower }) => lower?.value)
        expect(starts).toEqual([...starts].sort(compareValues))
      }),
      { numRuns: 3000 },
    )
  })

  it('overlap in the values that one of each list holds', () => {
    const list = fc.array(interval, { maxLength: 3 }).map(union)
    fc.assert(
      fc.property(list, list, anyScalar, (a, b, value) => {
        expect(overlap(a, b).some((each) => holds(each, value))).toBe(
          a.some((each) => holds(each, value)) && b.some((each) => holds(each, value)),
        )
      }),
      { numRuns: 3000 },
    )
  })

  it('cover others only if they hold all that those hold', () => {
    fc.assert(
      fc.property(interval, interval, anyScalar, (outer, inner, value) => {
        if (covers(outer, inner) && holds(inner, value)) expect(holds(outer, value)).toBe(true)
      }),
      { numRuns: 3000 },
    )
    expect(covers({}, pointInterval(3))).toBe(true)
  })

  it('intervals of numbers leave out NaN, which other programs may have stored', () => {
    expect(intervalsOf({ $lt: 5 }).map((each) => sideOf(NaN, each))).toEqual([-1])
  })

  it('are points where they hold one value', () => {
    expect([pointInterval(null), pointInterval(3), intervalsOf({ $lt: 3 })[0] ?? {}, {}].map(pointOf)).toEqual([
      null,
      3,
      undefined,
      undefined,
    ])
  })
})

describe('the interval of a prefix', () => {
  it.each([
    ['a', 'b'],
    ['az', 'a{'],
    ['\u{d7ff}', '\u{e000}'],
    ['a\u{ffff}', 'a\u{10000}'],
    ['a\u{10ffff}', 'b'],
  ])('%j ends before %j', (prefix, end) => {
    expect(prefixInterval(prefix).upper).toEqual({ value: end, inclusive: false })
  })

  it('has no end where no text follows', () => {
    expect(prefixInterval('\u{10ffff}')).toEqual({ lower: { value: '\u{10ffff}', inclusive: true } })
  })

  it('holds exactly the texts that begin with it', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\u{ffff}', '\u{10000}', '\u{10ffff}'), maxLength: 3 })
    fc.assert(
      fc.property(text.filter(Boolean), text, (prefix, value) => {
        expect(holds(prefixInterval(prefix), value)).toBe(value.startsWith(prefix))
      }),
      { numRuns: 3000 },
    )
  })
})
