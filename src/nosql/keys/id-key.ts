import type { Value } from '../query/value.ts'
import { valueText } from '../query/value-key.ts'

/** A text that is equal exactly when two `_id`s are: 1 and 1n are the same, also inside an object; 1 and "1" are not. */
export function idKey(id: Value): string {
  if (typeof id === 'string') return `s${id}`
  if (typeof id === 'bigint') return `n${id}`
  if (typeof id === 'number') return `n${Number.isInteger(id) ? BigInt(id) : id}`
  return `v${valueText(id)}`
}
