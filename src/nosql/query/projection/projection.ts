/** A projection of `find`, parsed. */

import type { CompiledExpression } from '../expression-engine.ts'
import type { Document, Value } from '../value.ts'

/** What becomes of one field. */
export type FieldRule =
  | { readonly kind: 'keep' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'fields'; readonly rules: ReadonlyMap<string, FieldRule> }
  /** The field stays and its value is changed: `$slice`. */
  | { readonly kind: 'change'; readonly change: (value: Value) => Value }
  /** The field has the result instead, if there is one; among included fields it comes last: `$elemMatch`. */
  | { readonly kind: 'pick'; readonly pick: (value: Value | undefined) => Value | undefined }
  | { readonly kind: 'compute'; readonly compute: CompiledExpression }

export interface Projection {
  /** `include` drops what no rule names, `exclude` keeps it. */
  readonly mode: 'include' | 'exclude'
  readonly rules: ReadonlyMap<string, FieldRule>
  /** Runs first: leaves in the matched array only the element that the filter matched. */
  readonly positional: ((document: Document) => Document) | undefined
}
