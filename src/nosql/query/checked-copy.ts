/** Copies of a program's values, checked while they are made. */

import { kindOf, setField } from '../../core/plain-object.ts'
import { hexOf } from './object-id.ts'
import { COUNTED_AFTER, isTooLarge } from './is-too-large.ts'
import { inside, MOST_PARTS, PARTS_OF_A_CONTAINER } from './refusal.ts'
import { HALF_A_PAIR, isDocument, isObjectId, type Problem, type Value } from './value.ts'
import {
  copyVendorValue,
  isVendorValue,
  isWellMade,
  plainBytes,
  vendorNumber,
  type VendorValue,
} from './vendor-value.ts'

/** What a copy may hold. */
export interface CopyRules {
  /** How deep objects and arrays may nest. */
  readonly maxDepth: number
  readonly tooDeep: Problem
  readonly tooMany: Problem
  /** What is wrong with an object of a class. */
  readonly foreign: (value: object) => Problem
  /** What becomes of a field that is undefined. */
  readonly undefinedField: 'dropped' | Problem
  /** An element, or the value itself, that is undefined. */
  readonly undefinedValue: Problem
  /** Whether a number that this package does not store may be in the copy, asked where there is one. @default never */
  readonly takesAnyNumber?: (() => boolean) | undefined
  /** Whether values of MongoDB's own classes may be in the copy. @default false */
  readonly vendorValues?: boolean | undefined
  readonly fieldName: (name: string) => Problem | undefined
  readonly refuse: (problem: Problem, path: string) => Error
}

/** An object or array that is being copied, and where it stands. */
interface Container {
  readonly within: Container | undefined
  readonly part: string | number
  readonly depth: number
}

const minInt64 = -(2n ** 63n)
const maxInt64 = 2n ** 63n - 1n

export function isInt64(value: bigint): boolean {
  return value >= minInt64 && value <= maxInt64
}

const NOT_FINITE: Problem = { reason: 'BadValue', message: 'a number must be finite' }
const TOO_LONG: Problem = { reason: 'BadValue', message: 'a bigint must fit in 64 bits' }
const NO_DATE: Problem = { reason: 'BadValue', message: 'a date must be valid' }
const ILL_FORMED: Problem = { reason: 'BadValue', message: 'text must be well-formed Unicode', hint: HALF_A_PAIR }
const NO_OBJECT_ID: Problem = { reason: 'BadValue', message: 'an ObjectId must have 24 hexadecimal digits' }

/** How many parts a value may still have while it is copied. After some of them, all are counted at once. */
export class PartsBudget {
  #left = MOST_PARTS
  /** What is being copied, until it has been counted. */
  #uncounted: { readonly value: unknown } | undefined

  begin(value: unknown): void {
    this.#uncounted = { value }
  }

  /** Takes a container with so many parts. False when that is more than a value may have. */
  take(parts: number): boolean {
    this.#left -= PARTS_OF_A_CONTAINER + parts
    if (this.#left < 0) return false
    if (this.#uncounted === undefined || this.#left > MOST_PARTS - COUNTED_AFTER) return true
    const { value } = this.#uncounted
    this.#uncounted = undefined
    return !isTooLarge(value)
  }
}

/** One copy. */
export class CheckedCopy {
  readonly #rules: CopyRules
  readonly #budget = new PartsBudget()

  constructor(rules: CopyRules) {
    this.#rules = rules
  }

  /** @param at the path of the value, for errors; @param depth how deep that is, for what nests in it */
  copy(value: unknown, at: string, depth: number): Value {
    this.#budget.begin(value)
    return this.#value(value, { within: undefined, part: at, depth }, undefined)
  }

  /** The same for what is known to be a plain object. */
  copyFields(object: object, at: string, depth: number): Readonly<Record<string, Value>> {
    this.#budget.begin(object)
    return this.#object(object, { within: undefined, part: at, depth: depth + 1 })
  }

  /** `part` is undefined for the outermost value. */
  #value(value: unknown, container: Container, part: string | number | undefined): Value {
    switch (typeof value) {
      case 'string':
        if (!value.isWellFormed()) throw this.#refuse(ILL_FORMED, container, part)
        return value
      case 'boolean':
        return value
      case 'number':
        if (!Number.isFinite(value) && this.#rules.takesAnyNumber?.() !== true)
          throw this.#refuse(NOT_FINITE, container, part)
        // Negative zero equals zero.
        return value === 0 ? 0 : value
      case 'bigint':
        if (!isInt64(value) && this.#rules.takesAnyNumber?.() !== true) throw this.#refuse(TOO_LONG, container, part)
        return value
      case 'object':
        return value === null ? null : this.#instance(value, container, part)
      case 'undefined':
        throw this.#refuse(this.#rules.undefinedValue, container, part)
      case 'function':
      case 'symbol':
      default:
        throw this.#refuse({ reason: 'BadValue', message: `a value cannot be ${kindOf(value)}` }, container, part)
    }
  }

  #instance(value: object, container: Container, part: string | number | undefined): Value {
    if (value instanceof Date) {
      // What is checked is the copy: the getter of a class may return something else the next time.
      const copy = new Date(value)
      if (Number.isNaN(copy.getTime())) throw this.#refuse(NO_DATE, container, part)
      return copy
    }
    if (value instanceof Uint8Array) return new Uint8Array(value)
    // One without a class has methods of the caller's, which may answer otherwise the next time.
    if (isObjectId(value) && !isDocument(value)) {
      if (hexOf(value) === undefined) throw this.#refuse(NO_OBJECT_ID, container, part)
      return value
    }
    if (this.#rules.vendorValues === true && '_bsontype' in value) {
      const number = vendorNumber(value)
      if (number !== undefined) return this.#value(number, container, part)
      if (isVendorValue(value)) return this.#vendorValue(value, container, part)
    }
    const inner =
      part === undefined
        ? { ...container, depth: container.depth + 1 }
        : { within: container, part, depth: container.depth + 1 }
    if (container.depth >= this.#rules.maxDepth) throw this.#refuse(this.#rules.tooDeep, inner)
    if (Array.isArray(value)) return this.#array(value, inner)
    if (isDocument(value)) return this.#object(value, inner)
    throw this.#refuse(this.#rules.foreign(value), inner)
  }

  /** What is checked is the copy, as its fields can be changed. A scope and what a reference holds are data in it. */
  #vendorValue(value: VendorValue, container: Container, part: string | number | undefined): Value {
    const depth = container.depth + 1
    const inner = part === undefined ? { ...container, depth } : { within: container, part, depth }
    // A reference may hold itself.
    if (container.depth > this.#rules.maxDepth) throw this.#refuse(this.#rules.tooDeep, inner)
    const copy = copyVendorValue(value, (field, name) => this.#value(field, inner, name))
    if (isWellMade(copy)) return plainBytes(copy) ?? copy
    const message = `${kindOf(value)} must be as its class makes it`
    throw this.#refuse({ reason: 'BadValue', message }, container, part)
  }

  #enter(parts: number, container: Container): void {
    if (!this.#budget.take(parts)) throw this.#refuse(this.#rules.tooMany, container)
  }

  #array(array: readonly unknown[], container: Container): Value {
    const { length } = array
    this.#enter(length, container)
    const copy: Value[] = []
    for (let index = 0; index < length; index++) copy.push(this.#value(array[index], container, index))
    return copy
  }

  #object(source: object, container: Container): Readonly<Record<string, Value>> {
    const { undefinedField, fieldName } = this.#rules
    const entries = Object.entries(source)
    this.#enter(entries.length, container)
    const copy: Record<string, Value> = {}
    for (const [name, value] of entries) {
      if (value === undefined) {
        if (undefinedField === 'dropped') continue
        throw this.#refuse(undefinedField, container, name)
      }
      const problem = fieldName(name)
      if (problem !== undefined) throw this.#refuse(problem, container, name)
      setField(copy, name, this.#value(value, container, name))
    }
    return copy
  }

  #refuse(problem: Problem, container: Container, part?: string | number): Error {
    const path = pathOf(container)
    return this.#rules.refuse(problem, part === undefined ? path : inside(path, part))
  }
}

function pathOf({ within, part }: Container): string {
  return within === undefined ? String(part) : inside(pathOf(within), part)
}
