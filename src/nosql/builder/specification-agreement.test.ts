import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { and, not, or, toSpecification } from '../../core/specification/combine.ts'
import { isSatisfiedBy } from '../../core/specification/satisfies.ts'
import type { Specification, SpecificationNode } from '../../core/specification/specification.ts'
import { compileFilter } from '../query/filter/compile-filter.ts'
import { parseFilter } from '../query/filter/parse-filter.ts'
import type { Document } from '../query/value.ts'
import { toFilter } from './specification-to-filter.ts'

const scalar = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, 1, 1n, 2, 2.5, 3n, '', 'a', 'ab', 'b', 'a.b', '\uff61', '\u{1f600}'),
  fc.constantFrom(0, 5).map((time) => new Date(time)),
  fc.constantFrom([1], [1, 2]).map((bytes) => new Uint8Array(bytes)),
)
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', '0'), tie('value'), { maxKeys: 2, noNullPrototype: true }),
  ),
})).value
const entity = fc.dictionary(fc.constantFrom('a', 'b', 'c'), value, { noNullPrototype: true })
const field = fc.constantFrom('a', 'b', 'a.b', 'a.0', 'a.0.b', 'b.a.b', 'a.1.0')
const ordered = fc.constantFrom<unknown>(0, 1, 1n, 2.5, 'a', 'ab', '\uff61', new Date(5))

const leaf = fc.oneof(
  fc.record({ kind: fc.constantFrom('eq', 'ne'), field, value }),
  fc.record({ kind: fc.constantFrom('gt', 'gte', 'lt', 'lte'), field, value: ordered }),
  fc.record({ kind: fc.constant('in'), field, values: fc.array(value, { maxLength: 3 }) }),
  fc.record({ kind: fc.constant('exists'), field, value: fc.boolean() }),
  fc.record({ kind: fc.constantFrom('contains', 'startsWith'), field, value: fc.constantFrom('', 'a', '.', 'a.') }),
)
const specification = fc.letrec<{ node: Specification }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    leaf.map((node) => toSpecification(node as SpecificationNode)),
    fc.array(tie('node'), { maxLength: 3 }).map((nodes) => and(...nodes)),
    fc.array(tie('node'), { maxLength: 3 }).map((nodes) => or(...nodes)),
    tie('node').map((node) => not(node)),
  ),
})).node

describe('a specification', () => {
  it('means the same in memory and as a filter, for any entity', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(specification, entity, (spec, subject) => {
        const matches = compileFilter(parseFilter(toFilter(spec), {}))
        expect(isSatisfiedBy(spec, subject)).toBe(matches(subject as Document))
      }),
      { numRuns: 20000 },
    )
  })
})
