/** `$slice` in the projection of a `find` */

import { isArray, type Value } from '../value.ts'
import type { FieldRule } from './projection.ts'
import { refuse } from './rules.ts'

const maxInt32 = 0x7fff_ffff

/** A count, or [skip, limit]; undefined for other operands, which are those of the expression of the same name. */
export function parseSlice(operand: unknown, at: string): FieldRule | undefined {
  const count = whole(operand)
  if (count !== undefined) return slicing((array) => (count >= 0 ? array.slice(0, count) : array.slice(count)))
  if (!Array.isArray(operand) || operand.length !== 2) return undefined
  const skip = whole(operand[0])
  const limit = whole(operand[1])
  if (skip === undefined || limit === undefined) return undefined
  if (limit <= 0) throw refuse('BadValue', 'the limit of $slice must be above 0', at)
  return slicing((array) => {
    const start = skip >= 0 ? skip : Math.max(0, array.length + skip)
    return array.slice(start, start + limit)
  })
}

/** A number without its fraction, held within 32 bits. */
function whole(operand: unknown): number | undefined {
  if (typeof operand !== 'number' && typeof operand !== 'bigint') return undefined
  return Math.max(-maxInt32, Math.min(maxInt32, Math.trunc(Number(operand))))
}

function slicing(slice: (array: readonly Value[]) => readonly Value[]): FieldRule {
  return { kind: 'change', change: (value) => (isArray(value) ? slice(value) : value) }
}
