import { kindOf, isPlainObject, wrapReadErrors } from '../../../core/plain-object.ts'
import type { NoSQLFilterError } from '../../errors.ts'
import { badValue, cannotRead } from '../../query/refusal.ts'

const words: ReadonlyMap<unknown, 1 | -1> = new Map([
  ['asc', 1],
  ['ascending', 1],
  ['desc', -1],
  ['descending', -1],
])

/**
 * The paths and directions of a sort in any of its notations: an object, pairs, a `Map`, one pair, or a path alone.
 * Directions that are words become numbers; what else is wrong with a path or a direction is left to the parser.
 *
 * @throws NoSQLFilterError for anything else
 */
export function sortPairs(sort: unknown): readonly (readonly unknown[])[] {
  return wrapReadErrors(
    () => entriesOf(sort).map((pair) => toPair(pair)),
    (cause) => cannotRead(cause, 'a sort', 'sort'),
  )
}

function entriesOf(sort: unknown): readonly unknown[] {
  if (typeof sort === 'string') return [[sort, 1]]
  if (Array.isArray(sort)) return isOnePair(sort) ? [sort] : sort
  if (isMap(sort)) return [...Map.prototype.entries.call(sort)]
  if (isPlainObject(sort)) return Object.entries(sort)
  throw wrongSort(sort)
}

/** `['price', 'desc']`, which is not a list of pairs. */
function isOnePair(sort: readonly unknown[]): boolean {
  return sort.length === 2 && typeof sort[0] === 'string' && !Array.isArray(sort[1])
}

/** Also one of another realm. */
function isMap(value: unknown): value is ReadonlyMap<unknown, unknown> {
  return typeof value === 'object' && Object.prototype.toString.call(value) === '[object Map]'
}

function toPair(pair: unknown): readonly unknown[] {
  if (!Array.isArray(pair) || pair.length !== 2) throw wrongSort(pair, 'a key of a sort')
  const [path, direction]: readonly unknown[] = pair
  return [path, words.get(direction) ?? direction]
}

function wrongSort(given: unknown, what = 'a sort'): NoSQLFilterError {
  const expected =
    what === 'a sort' ? 'an object, an array of pairs, a Map or a path' : 'a pair of a path and a direction'
  return badValue(
    `${what} must be ${expected}, not ${kindOf(given)}`,
    'sort',
    "Write { price: -1 } or [['price', -1]].",
  )
}
