import { arraySize } from '../../query/approximate-size.ts'
import type { Meter } from '../../query/meter.ts'
import { collectAtPath, someAtPath } from '../../query/path.ts'
import type { Document, Value } from '../../query/value.ts'
import { keyBytes, valueKey } from '../../query/value-key.ts'

/** The equality of a `$lookup`. */
export interface Join {
  readonly local: readonly string[]
  readonly foreign: readonly string[]
}

/**
 * What a document looks for: the value at its path, or each element of an array there; null when there is nothing at
 * all. Elements on the way that lack the field do not look for null.
 */
export function localValues(document: Document, { local }: Join, meter: Meter): readonly Value[] {
  const values = collectAtPath(document, local)
  meter.work(values.length * STEPS_OF_A_VALUE)
  return values.length === 0 ? [null] : values
}

const STEPS_OF_A_VALUE = 3

/** Foreign documents by the values that they answer to, as a filter for equality would match them. */
export class ForeignIndex {
  readonly #documents: Document[] = []
  readonly #positions = new Map<unknown, number[]>()
  readonly #join: Join
  readonly #meter: Meter

  constructor(join: Join, meter: Meter) {
    this.#join = join
    this.#meter = meter
  }

  add(document: Document): void {
    const position = this.#documents.push(document) - 1
    const visit = (value: Value | undefined): boolean => {
      this.#put(valueKey(value ?? null, this.#meter), position)
      return false
    }
    someAtPath(document, this.#join.foreign, visit, 'traverse')
  }

  /** The documents that match any of the values, in the order in which they were read. */
  matching(values: readonly Value[]): Document[] {
    const [only] = values
    const positions =
      values.length === 1
        ? (this.#positions.get(valueKey(only, this.#meter)) ?? [])
        : [...new Set(values.flatMap((value) => this.#positions.get(valueKey(value, this.#meter)) ?? []))].sort(
            (a, b) => a - b,
          )
    this.#meter.work(positions.length * 2)
    this.#meter.allocate(arraySize(positions.length))
    return positions.map((position) => this.#documents[position] as Document) // each is the position of a document
  }

  #put(key: unknown, position: number): void {
    const positions = this.#positions.get(key)
    this.#meter.holdBytes(positions === undefined ? keyBytes(key) + 80 : 8)
    if (positions === undefined) this.#positions.set(key, [position])
    else if (positions.at(-1) !== position) positions.push(position)
  }
}
