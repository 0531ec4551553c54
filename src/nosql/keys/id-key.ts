import type { Value } from '../query/value.ts'
import { toTagged } from '../query/tagged-json.ts'

/** A map key that is equal exactly when two `_id`s are: 1 and 1n are the same, 1 and "1" are not. */
export function idKey(id: Value): string {
  if (typeof id === 'string') return `s${id}`
  if (typeof id === 'bigint') return `n${id}`
  if (typeof id === 'number') return `n${Number.isInteger(id) ? BigInt(id) : id}`
  return `j${JSON.stringify(toTagged(id))}`
}
