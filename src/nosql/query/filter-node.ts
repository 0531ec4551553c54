/** A filter, parsed: the small tree that is compiled to a predicate or planned for a backend. */

import type { PathParts } from './path.ts'
import type { Pattern } from './regex/pattern.ts'
import type { Document, Value } from './value.ts'

/** What is asked of one field: it holds if it holds for any value that the path reaches. */
export type FieldTest =
  | { readonly kind: 'compare'; readonly operator: ComparisonOperator; readonly value: Value }
  | { readonly kind: 'in'; readonly values: readonly Value[]; readonly patterns: readonly Pattern[] }
  | { readonly kind: 'exists' }
  | { readonly kind: 'type'; readonly types: readonly string[] }
  | { readonly kind: 'regex'; readonly pattern: Pattern }
  | { readonly kind: 'mod'; readonly divisor: bigint; readonly remainder: bigint }
  | { readonly kind: 'bits'; readonly mode: BitsMode; readonly positions: readonly number[] }
  | { readonly kind: 'size'; readonly size: number }
  | { readonly kind: 'elemMatchObject'; readonly filter: FilterNode }
  | { readonly kind: 'elemMatchValue'; readonly filter: FilterNode }

export type ComparisonOperator = 'eq' | 'gt' | 'gte' | 'lt' | 'lte'

export type BitsMode = 'allSet' | 'allClear' | 'anySet' | 'anyClear'

/**
 * A node of the tree. `$ne`, `$nin` and `$exists: false` are `not` over their opposite, `$all` is an `and`, an empty
 * filter an `and` of nothing. Inside `elemMatchValue` a field node has no parts: it asks of the element itself.
 */
export type FilterNode =
  | { readonly kind: 'and'; readonly nodes: readonly FilterNode[] }
  | { readonly kind: 'or'; readonly nodes: readonly FilterNode[] }
  | { readonly kind: 'nor'; readonly nodes: readonly FilterNode[] }
  | { readonly kind: 'not'; readonly node: FilterNode }
  | FieldNode
  /** `$expr`, or a `$sampleRate`: decided by the whole document, never by a backend. */
  | { readonly kind: 'expression'; readonly source: unknown; readonly holds: (document: Document) => boolean }
  | { readonly kind: 'constant'; readonly value: boolean }

export interface FieldNode {
  readonly kind: 'field'
  readonly path: string
  readonly parts: PathParts
  readonly test: FieldTest
}
