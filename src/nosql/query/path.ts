/** Reading dotted paths, in the three ways MongoDB does it: for filters, for index keys, and for expressions. */

import type { Meter } from './meter.ts'
import { type Document, getField, isArray, isObjectId, type Value } from './value.ts'
import { isWithoutFields } from './vendor-order.ts'

/** Field names of a dotted path, outermost first. */
export type PathParts = readonly string[]

/** The position a path part names in an array, or undefined: `0` and `12` do, `01`, `-1` and `x` do not. */
export function arrayIndex(part: string): number | undefined {
  const first = part.charCodeAt(0)
  if (first < 0x30 || first > 0x39) return undefined
  return /^(?:0|[1-9]\d{0,9})$/.test(part) ? Number(part) : undefined
}

export function isObject(value: Value | undefined): value is Document {
  if (typeof value !== 'object' || value === null) return false
  // No stored value is a function, so that a field of this name cannot be `Object`: plain objects need no further test.
  return (
    value.constructor === Object ||
    (!Array.isArray(value) &&
      !(value instanceof Date) &&
      !(value instanceof Uint8Array) &&
      !isObjectId(value) &&
      !isWithoutFields(value))
  )
}

/** What a filter does with an array at the end of its path: test the elements and then the array, or only the array. */
export type LeafArrays = 'traverse' | 'keep'

/** `index` is that of the outermost array element on the way to the value, unless the path named it by number. */
export type TestAtPath = (value: Value | undefined, index: number | undefined) => boolean

/**
 * True when a value that a filter reaches at `parts` passes the test; the test gets `undefined` where the path ends in
 * nothing. Arrays on the way are entered element by element and by numeric index. An array at the end is treated as
 * `leaf` says.
 *
 * @see https://www.mongodb.com/docs/manual/tutorial/query-array-of-documents/
 */
export function someAtPath(document: Document, parts: PathParts, test: TestAtPath, leaf: LeafArrays): boolean {
  return fromObject(document, 0, toProbe(parts, test, leaf), undefined)
}

export interface PathTest {
  readonly test: TestAtPath
  readonly leaf: LeafArrays
  /** Pays for arrays on the way. */
  readonly meter?: Meter | undefined
}

/** `someAtPath` for many documents. */
export function compileSomeAtPath(parts: PathParts, { test, leaf, meter }: PathTest): (document: Document) => boolean {
  const probe = { ...toProbe(parts, test, leaf), meter }
  return (document) => fromObject(document, 0, probe, undefined)
}

interface Probe {
  readonly parts: PathParts
  readonly test: TestAtPath
  readonly leaf: LeafArrays
  /** A part is also the name of something that objects inherit. */
  readonly inherited: boolean
  readonly meter?: Meter | undefined
}

function toProbe(parts: PathParts, test: TestAtPath, leaf: LeafArrays): Probe {
  return { parts, test, leaf, inherited: parts.some((part) => part in Object.prototype) }
}

function fromObject(document: Document, start: number, probe: Probe, outer: number | undefined): boolean {
  const { parts, test, inherited } = probe
  const last = parts.length - 1
  let current = document
  for (let at = start; ; at++) {
    const name = parts[at] as string // the loop ends at `last`
    const value = inherited ? getField(current, name) : current[name]
    if (typeof value === 'object' && isArray(value)) return fromArray(value, at + 1, probe, outer)
    if (at === last) return test(value, outer)
    if (!isObject(value)) return test(undefined, outer)
    current = value
  }
}

function fromArray(array: readonly Value[], next: number, probe: Probe, outer: number | undefined): boolean {
  const { parts, test, leaf } = probe
  probe.meter?.work(array.length)
  if (next < parts.length) return insideArray(array, next, probe, outer)
  if (leaf === 'traverse') {
    for (let index = 0; index < array.length; index++) if (test(array[index], outer ?? index)) return true
  }
  return test(array, outer)
}

/** The rest of the path against each object in the array, and against the element that the next part names by index. */
function insideArray(array: readonly Value[], next: number, probe: Probe, outer: number | undefined): boolean {
  const { parts, test } = probe
  const wanted = arrayIndex(parts[next] as string)
  for (let index = 0; index < array.length; index++) {
    const element = array[index] as Value
    if (isObject(element) && fromObject(element, next, probe, outer ?? index)) return true
    if (index !== wanted) continue
    if (next === parts.length - 1) {
      if (test(element, outer)) return true
    } else if (isObject(element)) {
      if (fromObject(element, next + 1, probe, outer)) return true
    } else if (isArray(element)) {
      probe.meter?.work(element.length)
      if (insideArray(element, next + 1, probe, outer)) return true
    }
  }
  return false
}

/**
 * Every value at a path, as `distinct` and multikey indexes see them: arrays on the way are entered by index where the
 * part is a number and element by element otherwise; an array at the end yields its elements (one level), or itself when
 * `expand` is false. Nothing where the path is missing.
 */
export function collectAtPath(document: Document, parts: PathParts, expand = true): Value[] {
  const found: Value[] = []
  collect(document, parts, 0, (value) => {
    if (!expand || !isArray(value)) found.push(value)
    else for (const element of value) found.push(element)
  })
  return found
}

function collect(value: Value, parts: PathParts, at: number, emit: (value: Value) => void): void {
  if (at === parts.length) return emit(value)
  const part = parts[at] as string // `at` is below the length
  if (isArray(value)) {
    const index = arrayIndex(part)
    if (index !== undefined) {
      const element = value[index]
      if (element !== undefined) collect(element, parts, at + 1, emit)
      return
    }
    for (const element of value) if (isObject(element)) collect(element, parts, at, emit)
  } else if (isObject(value)) {
    const inner = getField(value, part)
    if (inner !== undefined) collect(inner, parts, at + 1, emit)
  }
}

/**
 * The value of an expression's field path (`'$a.b'`): an array on the way becomes the array of what its objects have
 * there; numeric parts are field names only. Undefined where missing.
 *
 * @see https://www.mongodb.com/docs/manual/core/field-paths/
 */
export function readFieldPath(value: Value | undefined, parts: PathParts, start = 0): Value | undefined {
  let current = value
  for (let at = start; at < parts.length; at++) {
    if (isArray(current)) return readThroughArray(current, parts, at)
    if (!isObject(current)) return undefined
    current = getField(current, parts[at] as string)
  }
  return current
}

function readThroughArray(array: readonly Value[], parts: PathParts, at: number): Value[] {
  const found: Value[] = []
  for (const element of array) {
    if (!isObject(element)) continue
    const value = readFieldPath(element, parts, at)
    if (value !== undefined) found.push(value)
  }
  return found
}
