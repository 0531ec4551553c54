import { compareValues } from '../query/compare.ts'
import { type Meter, sortSteps } from '../query/meter.ts'
import { compileSortValues } from '../query/sort.ts'
import { isDocument, type Document, getField } from '../query/value.ts'
import { fail } from './expression/failure.ts'
import { isArray } from './expression/kinds.ts'
import type { Result } from './expression/scope.ts'
import { parseFieldPath } from './field-path.ts'

/** The order that a `sortBy` or `$sort` asks for. */
export interface SortOrder {
  readonly keys: readonly { readonly path: readonly string[]; readonly direction: 1 | -1 }[]
  /** What a document is ordered by. */
  readonly keyOf: (document: Document, meter: Meter) => readonly Result[]
  readonly compareKeys: (a: readonly Result[], b: readonly Result[], meter: Meter) => number
}

const MOST_KEYS = 32

/** Reads `{ path: 1 | -1, … }`. */
export function parseSortOrder(argument: unknown, what: string): SortOrder {
  if (!isDocument(argument)) return fail(15973, `${what} must be an object`)
  const entries = Object.entries(argument)
  if (entries.length === 0) fail(15976, `${what} must have at least one field`)
  if (entries.length > MOST_KEYS) fail('BadValue', `${what} must have at most ${MOST_KEYS} fields`)
  const keys = entries
    .map(([path, direction]) => ({
      path: parseFieldPath(path, `a path of ${what}`),
      direction: directionOf(direction, what),
      stored: !isDocument(direction),
    }))
    .filter(({ stored }) => stored)
  const sortKeys = keys.map(({ path, direction }) => ({ path: path.join('.'), direction }))
  const compareKeys: SortOrder['compareKeys'] = (a, b, meter) => {
    for (let index = 0; index < keys.length; index++) {
      const order = compareValues(a[index], b[index], meter)
      if (order !== 0) return keys[index]?.direction === -1 ? -order : order
    }
    return 0
  }
  const keyOf: SortOrder['keyOf'] = (document, meter) =>
    flatKey(document, keys) ?? compileSortValues(sortKeys, meter)(document)
  return { keys, keyOf, compareKeys }
}

/** The key of a document that has plain values at paths of one part: there is nothing to enter. */
function flatKey(document: Document, keys: SortOrder['keys']): readonly Result[] | undefined {
  const values: Result[] = []
  for (const { path } of keys) {
    if (path.length > 1) return undefined
    const value = getField(document, path[0] as string)
    if (isArray(value)) return undefined
    values.push(value ?? null)
  }
  return values
}

/** The documents in order; those that are equal stay as they were. */
export function sortDocuments(documents: readonly Document[], order: SortOrder, meter: Meter): Document[] {
  meter.work(sortSteps(documents.length) * STEPS_OF_A_COMPARISON * Math.max(1, order.keys.length))
  const [only, second] = order.keys
  if (only !== undefined && second === undefined) return sortByOne(documents, order, meter)
  return documents
    .map((document) => ({ document, key: order.keyOf(document, meter) }))
    .sort((a, b) => order.compareKeys(a.key, b.key, meter))
    .map(({ document }) => document)
}

const STEPS_OF_A_COMPARISON = 2

function sortByOne(documents: readonly Document[], order: SortOrder, meter: Meter): Document[] {
  const direction = order.keys[0]?.direction ?? 1
  return documents
    .map((document) => ({ document, key: order.keyOf(document, meter)[0] }))
    .sort((a, b) => compareValues(a.key, b.key, meter) * direction)
    .map(({ document }) => document)
}

function directionOf(direction: unknown, what: string): 1 | -1 {
  if (isDocument(direction)) return checkMetadata(direction, what)
  if (typeof direction !== 'number' && typeof direction !== 'bigint')
    fail(15974, `a direction of ${what} must be 1 or -1`)
  const whole = Number(direction)
  return whole === 1 || whole === -1 ? whole : fail(15975, `a direction of ${what} must be 1 or -1`)
}

/** Metadata that no document has here: all are equal by it. */
const ABSENT_METADATA: readonly unknown[] = ['randVal', 'searchScore', 'vectorSearchScore']

function checkMetadata(direction: Readonly<Record<string, unknown>>, what: string): 1 {
  const known = Object.keys(direction).length === 1 && ABSENT_METADATA.includes(direction['$meta'])
  return known ? 1 : fail(31138, `${what} cannot use $meta like this: the pipeline does not produce this metadata`)
}
