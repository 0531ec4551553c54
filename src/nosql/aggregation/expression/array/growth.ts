import { approximateSize, arraySize, objectSize, stringSize } from '../../../query/approximate-size.ts'
import { isObject } from '../../../query/path.ts'
import { isArray, type Document, type Value } from '../../../query/value.ts'
import { overBudget } from '../failure.ts'

const MOST_PARTS = 1 << 22
const DEEPEST = 200

/** How much a container holds, counting shared parts as often as they are reached. */
interface Extent {
  readonly parts: number
  readonly depth: number
  /** As a JavaScript engine needs them. */
  readonly bytes: number
}

const SCALAR: Extent = { parts: 1, depth: 0, bytes: 8 }

/**
 * Refuses values that are too large or too deep to be walked: `["$$value", "$$value"]` doubles them with every step while
 * sharing its memory. Containers met before are not looked into again.
 */
export class ExtentLimit {
  readonly #known = new WeakMap<object, Extent>()
  #met = 0

  /** How many parts were met that had not been met before. */
  check(value: Value | undefined): number {
    this.#met = 0
    if (typeof value === 'object' && value !== null) this.#measure(value, 0)
    return this.#met
  }

  /** About how many bytes a value needs. */
  bytes(value: Value | undefined): number {
    if (typeof value !== 'object' || value === null) return approximateSize(value)
    return this.#measure(value, 0).bytes
  }

  /** Checks a document that most likely is small, and says how many parts were met, and how many a walk meets again. */
  extentOf(document: Document): { readonly walked: number; readonly repeated: number } {
    const left = countDown(document, FEW, 0)
    if (left > 0) return { walked: FEW - left, repeated: 0 }
    this.#met = 0
    const { parts } = this.#measure(document, 0)
    return { walked: FEW + this.#met * LOOKS_OF_A_PART, repeated: parts - this.#met }
  }

  #measure(value: Value, level: number): Extent {
    if (typeof value === 'string') return { parts: 1, depth: 0, bytes: stringSize(value.length) }
    if (!isContainer(value)) return SCALAR
    let extent = this.#known.get(value)
    if (extent === undefined) {
      let parts = 1
      let depth = 1
      const inside = isArray(value) ? value : Object.values(value)
      let bytes = isArray(value) ? arraySize(0) : objectSize(inside.length)
      for (const part of inside) {
        const inner = level < DEEPEST ? this.#measure(part, level + 1) : SCALAR
        parts += inner.parts
        bytes += 8 + inner.bytes
        if (inner.depth >= depth) depth = inner.depth + 1
      }
      extent = { parts, depth, bytes }
      this.#known.set(value, extent)
      this.#met += inside.length + 1
    }
    if (extent.parts > MOST_PARTS) overBudget(`the value of an expression must have at most ${MOST_PARTS} parts`)
    if (extent.depth >= DEEPEST) overBudget(`the value of an expression must have at most ${DEEPEST} levels`)
    return extent
  }
}

const FEW = 1000
/** Remembering a container takes as long as reading this number of parts. */
const LOOKS_OF_A_PART = 8

/** What is left of a number of parts; none for a value that is too deep. */
function countDown(value: Value, most: number, level: number): number {
  let left = most - 1
  if (!isContainer(value)) return left
  if (level >= DEEPEST) return 0
  if (isArray(value)) {
    for (let index = 0; index < value.length && left > 0; index++) {
      left = countDown(value[index] as Value, left, level + 1)
    }
    return left
  }
  for (const name in value) {
    if (left <= 0) break
    left = countDown(value[name] as Value, left, level + 1) // `name` is one of its keys
  }
  return left
}

function isContainer(value: Value | undefined): value is readonly Value[] | Document {
  return typeof value === 'object' && value !== null && (isArray(value) || isObject(value))
}
