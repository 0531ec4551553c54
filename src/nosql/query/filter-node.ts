/** A filter, parsed: the small tree that is compiled to a predicate or planned for a backend. */

import type { PathParts } from './path.ts'
import type { Document, Value } from './value.ts'

/** What is asked of one field. Except for `not`, a test holds if it holds for any value the path reaches. */
export type FieldTest =
  | { readonly kind: 'compare'; readonly operator: ComparisonOperator; readonly value: Value }
  | { readonly kind: 'in'; readonly values: readonly Value[]; readonly patterns: readonly RegExp[] }
  | { readonly kind: 'exists' }
  | { readonly kind: 'type'; readonly types: readonly string[] }
  | { readonly kind: 'regex'; readonly pattern: RegExp }
  | { readonly kind: 'mod'; readonly divisor: bigint; readonly remainder: bigint }
  | { readonly kind: 'bits'; readonly mode: BitsMode; readonly mask: bigint }
  | { readonly kind: 'size'; readonly size: number }
  | { readonly kind: 'elemMatchObject'; readonly filter: FilterNode }
  | { readonly kind: 'elemMatchValue'; readonly tests: readonly ElementTest[] }

export type ComparisonOperator = 'eq' | 'gt' | 'gte' | 'lt' | 'lte'

export type BitsMode = 'allSet' | 'allClear' | 'anySet' | 'anyClear'

/** A test on one array element: a field test, a conjunction, or the negation of one. */
export type ElementTest = FieldTest | { readonly kind: 'elementNot'; readonly tests: readonly ElementTest[] }

/**
 * A node of the tree. `$ne`, `$nin` and `$exists: false` are `not` over their opposite; `$all` is `and`; an empty
 * filter is an `and` of nothing.
 */
export type FilterNode =
  | { readonly kind: 'and'; readonly nodes: readonly FilterNode[] }
  | { readonly kind: 'or'; readonly nodes: readonly FilterNode[] }
  | { readonly kind: 'nor'; readonly nodes: readonly FilterNode[] }
  | { readonly kind: 'not'; readonly node: FilterNode }
  | { readonly kind: 'field'; readonly path: string; readonly parts: PathParts; readonly test: FieldTest }
  | { readonly kind: 'expression'; readonly evaluate: (document: Document) => boolean }
  | { readonly kind: 'constant'; readonly value: boolean }
