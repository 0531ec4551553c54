import { isArray, type Document, type Value } from '../../query/value.ts'
import { overBudget } from './failure.ts'
import type { Result } from './scope.ts'

const MOST_PARTS = 1 << 22
const DEEPEST = 200

/** How much a container holds, counting shared parts as often as they are reached. */
interface Extent {
  readonly parts: number
  readonly depth: number
}

const SCALAR: Extent = { parts: 1, depth: 0 }

/**
 * Refuses values that are too large or too deep to be walked: `["$$value", "$$value"]` doubles them with every step while
 * sharing its memory. Containers met before are not looked into again.
 */
export class ExtentLimit {
  readonly #known = new WeakMap<object, Extent>()
  #met = 0

  /** How many parts were met that had not been met before. */
  check(value: Result): number {
    this.#met = 0
    if (typeof value === 'object' && value !== null) this.#measure(value, 0)
    return this.#met
  }

  /** How many parts a walk meets. */
  parts(value: Value): number {
    return this.#measure(value, 0).parts
  }

  /** Checks a document that most likely is small, and says how many parts a walk meets again. */
  repeatedParts(document: Document): number {
    if (countDown(document, FEW, 0) > 0) return 0
    this.#met = 0
    return this.#measure(document, 0).parts - this.#met
  }

  #measure(value: Value, level: number): Extent {
    if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Uint8Array)
      return SCALAR
    let extent = this.#known.get(value)
    if (extent === undefined) {
      let parts = 1
      let depth = 1
      const inside = isArray(value) ? value : Object.values(value)
      for (const part of inside) {
        const inner = level < DEEPEST ? this.#measure(part, level + 1) : SCALAR
        parts += inner.parts
        if (inner.depth >= depth) depth = inner.depth + 1
      }
      extent = { parts, depth }
      this.#known.set(value, extent)
      this.#met += inside.length + 1
    }
    if (extent.parts > MOST_PARTS) overBudget(`An expression makes a value of more than ${MOST_PARTS} parts.`)
    if (extent.depth >= DEEPEST) overBudget(`An expression makes a value of more than ${DEEPEST} levels.`)
    return extent
  }
}

const FEW = 1000

/** What is left of a number of parts; none for a value that is too deep. */
function countDown(value: Value, most: number, level: number): number {
  let left = most - 1
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Uint8Array) return left
  if (level >= DEEPEST) return 0
  if (isArray(value)) {
    for (let index = 0; index < value.length && left > 0; index++) {
      left = countDown(value[index] as Value, left, level + 1)
    }
    return left
  }
  for (const name in value) {
    if (left <= 0) break
    left = countDown(value[name] as Value, left, level + 1)
  }
  return left
}
