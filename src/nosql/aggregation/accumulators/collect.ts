import { setField } from '../../../core/plain-object.ts'
import { type Document, type Value } from '../../query/value.ts'
import { arraySize } from '../../query/approximate-size.ts'
import type { Accumulator } from '../accumulator.ts'
import { fail } from '../expression/failure.ts'
import { isArray, isObject, typeName } from '../expression/kinds.ts'
import type { Result } from '../expression/scope.ts'
import type { Meter } from '../../query/meter.ts'
import { valueKey } from '../../query/value-key.ts'

/** `$push`: all values but missing ones. */
export class Push implements Accumulator {
  readonly #meter: Meter
  readonly #values: Value[] = []

  constructor(meter: Meter) {
    this.#meter = meter
  }

  add(value: Result): void {
    if (value === undefined) return
    this.#meter.hold(value)
    this.#values.push(value)
  }

  result(): Result {
    this.#meter.allocate(arraySize(this.#values.length))
    return [...this.#values]
  }
}

/** A map's. */
const BYTES_OF_AN_ENTRY = 40

/** `$addToSet`: each value once. */
export class AddToSet implements Accumulator {
  readonly #meter: Meter
  readonly #values = new Map<unknown, Value>()

  constructor(meter: Meter) {
    this.#meter = meter
  }

  add(value: Result): void {
    if (value === undefined) return
    const key = valueKey(value, this.#meter)
    if (this.#values.has(key)) return
    this.#meter.holdBytes(BYTES_OF_AN_ENTRY)
    this.#meter.hold(value)
    this.#values.set(key, value)
  }

  result(): Result {
    this.#meter.allocate(arraySize(this.#values.size))
    return [...this.#values.values()]
  }
}

/** `$concatArrays` and `$setUnion`: the elements of all arrays, given to another accumulator. */
export class Elements implements Accumulator {
  readonly #name: string
  readonly #into: Accumulator

  constructor(name: string, into: Accumulator) {
    this.#name = name
    this.#into = into
  }

  add(value: Result): void {
    if (value === undefined) return
    if (!isArray(value))
      return fail('TypeMismatch', `the arguments of ${this.#name} must be arrays, not ${typeName(value)}`)
    for (const element of value) this.#into.add(element)
  }

  result(): Result {
    return this.#into.result()
  }
}

const STEPS_OF_A_FIELD = 12

/** `$mergeObjects`: later fields win; null and missing do not count. */
export class MergeObjects implements Accumulator {
  readonly #meter: Meter
  readonly #merged: Record<string, Value> = {}

  constructor(meter: Meter) {
    this.#meter = meter
  }

  add(value: Result): void {
    if (value === undefined || value === null) return
    if (!isObject(value)) return fail(40400, `the arguments of $mergeObjects must be objects, not ${typeName(value)}`)
    this.#meter.work(Object.keys(value).length * STEPS_OF_A_FIELD)
    for (const [field, inner] of Object.entries(value)) {
      if (!Object.hasOwn(this.#merged, field)) {
        this.#meter.holdBytes(BYTES_OF_AN_ENTRY + field.length)
        this.#meter.hold(inner)
      }
      setField(this.#merged, field, inner)
    }
  }

  result(): Document {
    return { ...this.#merged }
  }
}
