import { compareValues } from '../query/compare.ts'
import { isDocument, type Document, getField, type Value } from '../query/value.ts'
import { fail } from './expression/failure.ts'
import { isArray } from './expression/kinds.ts'
import type { Result } from './expression/scope.ts'
import { collectPath, parseFieldPath } from './field-path.ts'

/** The order that a `sortBy` or `$sort` asks for. */
export interface SortOrder {
  readonly keys: readonly { readonly path: readonly string[]; readonly direction: 1 | -1 }[]
  readonly compare: (a: Document, b: Document) => number
  /** What a document is ordered by; cheaper than `compare` when each document is compared often. */
  readonly keyOf: (document: Document) => readonly Result[]
  readonly compareKeys: (a: readonly Result[], b: readonly Result[]) => number
}

const MOST_KEYS = 32

/** Reads `{ path: 1 | -1, … }`. */
export function parseSortOrder(argument: unknown, what: string): SortOrder {
  if (!isDocument(argument)) return fail(15973, `${what} must be an object.`)
  const entries = Object.entries(argument)
  if (entries.length === 0) fail(15976, `${what} must have at least one field.`)
  if (entries.length > MOST_KEYS) fail('BadValue', `${what} has more than ${MOST_KEYS} fields.`)
  const keys = entries
    .map(([path, direction]) => ({
      path: parseFieldPath(path, `A path of ${what}`),
      direction: directionOf(direction, what),
      stored: !isDocument(direction),
    }))
    .filter(({ stored }) => stored)
  const compareKeys: SortOrder['compareKeys'] = (a, b) => {
    for (let index = 0; index < keys.length; index++) {
      const order = compareValues(a[index], b[index])
      if (order !== 0) return keys[index]?.direction === -1 ? -order : order
    }
    return 0
  }
  const keyOf = (document: Document): readonly Result[] => keys.map((key) => sortKey(document, key.path, key.direction))
  return { keys, keyOf, compareKeys, compare: (a, b) => compareKeys(keyOf(a), keyOf(b)) }
}

/** The documents in order; those that are equal stay as they were. */
export function sortDocuments(documents: readonly Document[], order: SortOrder): Document[] {
  const [only, second] = order.keys
  if (only !== undefined && second === undefined) return sortByOne(documents, only)
  return documents
    .map((document) => ({ document, key: order.keyOf(document) }))
    .sort((a, b) => order.compareKeys(a.key, b.key))
    .map(({ document }) => document)
}

function sortByOne(documents: readonly Document[], { path, direction }: SortOrder['keys'][number]): Document[] {
  return documents
    .map((document) => ({ document, key: sortKey(document, path, direction) }))
    .sort((a, b) => compareValues(a.key, b.key) * direction)
    .map(({ document }) => document)
}

function directionOf(direction: unknown, what: string): 1 | -1 {
  if (isDocument(direction)) return checkMetadata(direction, what)
  if (typeof direction !== 'number' && typeof direction !== 'bigint')
    fail(15974, `A direction of ${what} must be 1 or -1.`)
  const whole = Number(direction)
  return whole === 1 || whole === -1 ? whole : fail(15975, `A direction of ${what} must be 1 or -1.`)
}

/** Metadata that no document has here: all are equal by it. */
const ABSENT_METADATA: readonly unknown[] = ['randVal', 'searchScore', 'vectorSearchScore']

function checkMetadata(direction: Readonly<Record<string, unknown>>, what: string): 1 {
  const known = Object.keys(direction).length === 1 && ABSENT_METADATA.includes(direction['$meta'])
  return known ? 1 : fail(31138, `${what} cannot use $meta like this: there is no such metadata here.`)
}

/** An array sorts by its smallest element ascending and its largest descending; an empty one before null. */
function sortKey(document: Document, path: readonly string[], direction: 1 | -1): Result {
  if (path.length === 1) {
    const value = getField(document, path[0] as string)
    return isArray(value) ? extreme(value, direction) : (value ?? null)
  }
  return extreme(collectPath(document, path), direction)
}

function extreme(values: readonly Value[], direction: 1 | -1): Result {
  let best: Result = values[0]
  for (let index = 1; index < values.length; index++) {
    if (compareValues(values[index], best) * direction < 0) best = values[index]
  }
  return best
}
