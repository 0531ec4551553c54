import { isArray, type Value } from '../../query/value.ts'
import { overBudget } from './failure.ts'
import type { Result } from './scope.ts'

const MOST_PARTS = 1 << 22
const DEEPEST = 200

/** How much a container holds, counting shared parts as often as they are reached. */
interface Extent {
  readonly parts: number
  readonly depth: number
}

export type Extents = WeakMap<object, Extent>

const SCALAR: Extent = { parts: 1, depth: 0 }

/**
 * Refuses a value that is too large or too deep to be walked: `["$$value", "$$value"]` doubles it with every step while
 * sharing its memory. Containers met before are looked up in `known`.
 */
export function checkGrowth(value: Result, known: Extents): Result {
  if (typeof value === 'object' && value !== null) measure(value, known, 0)
  return value
}

function measure(value: Value, known: Extents, level: number): Extent {
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Uint8Array) return SCALAR
  let extent = known.get(value)
  if (extent === undefined) {
    let parts = 1
    let depth = 1
    for (const part of isArray(value) ? value : Object.values(value)) {
      const inner = level < DEEPEST ? measure(part, known, level + 1) : SCALAR
      parts += inner.parts
      if (inner.depth >= depth) depth = inner.depth + 1
    }
    extent = { parts, depth }
    known.set(value, extent)
  }
  if (extent.parts > MOST_PARTS) overBudget(`An expression makes a value of more than ${MOST_PARTS} parts.`)
  if (extent.depth >= DEEPEST) overBudget(`An expression makes a value of more than ${DEEPEST} levels.`)
  return extent
}
