import type { SortKey, SortValues } from '../../../query/sort.ts'
import { TypeClass, typeClass, type Value } from '../../../query/value.ts'

type Filter = Readonly<Record<string, unknown>>

/** MongoDB's classes of types, in its order of comparison. Before all of them comes `minKey`. */
const classes: readonly (readonly string[])[] = [
  ['null', 'undefined'],
  ['number'],
  ['string', 'symbol'],
  ['object'],
  ['array'],
  ['binData'],
  ['objectId'],
  ['bool'],
  ['date'],
  ['timestamp'],
  ['regex'],
  ['dbPointer'],
  ['javascript'],
  ['javascriptWithScope'],
  ['maxKey'],
]

/**
 * A filter for the documents that may follow a position: every one that does, and some that do not, where arrays
 * are involved. With an index on the sort, MongoDB begins to read there, so that page n costs what page 1 costs.
 *
 * @returns undefined where a value has no such filter
 */
export function afterPosition(sort: readonly SortKey[], after: SortValues): Filter | undefined {
  const branches: Filter[] = []
  const equal: Filter[] = []
  for (const [index, { path, direction }] of sort.entries()) {
    const value = after[index]
    if (value === undefined && !(index in after)) return undefined
    if (Array.isArray(value)) return undefined
    const beyond = value === undefined ? beyondEmpty(path, direction) : beyondValue(path, value, direction)
    branches.push(equal.length === 0 ? beyond : { $and: [...equal, beyond] })
    equal.push(equalTo(path, value === undefined ? [] : value))
  }
  return { $or: branches }
}

/** Documents whose value at the path may be after this one in the order. */
function beyondValue(path: string, value: Value, direction: 1 | -1): Filter {
  const rank = rankOf(value)
  const isNull = rank === 0
  if (Number.isNaN(value)) return beyondNaN(path, direction)
  const others =
    direction === 1 ? classes.slice(rank + 1).flat() : [...classes.slice(1, Math.max(rank, 1)).flat(), 'minKey']
  const tests: Filter[] = [
    ...(isNull ? [] : [{ [path]: direction === 1 ? { $gt: value } : { $lt: value } }]),
    ...(others.length === 0 ? [] : [{ [path]: { $type: others } }]),
    // An empty array comes before everything else, and what is missing before everything but that.
    ...(direction === 1 ? [] : [{ [path]: { $eq: [] } }]),
    ...(direction === -1 && !isNull ? [equalTo(path, null)] : []),
    // A range of numbers has no NaN, which comes before all of them.
    ...(direction === -1 && rank === 1 ? [{ [path]: { $eq: Number.NaN } }] : []),
  ]
  return { $or: tests }
}

/** A field within an array of anything but documents is missing to a sort, and not null to a condition. */
function equalTo(path: string, value: Value): Filter {
  const isEqual = { [path]: { $eq: value } }
  return value === null && path.includes('.') ? { $or: [isEqual, { [path]: { $exists: false } }] } : isEqual
}

/** An empty array comes before everything else, even before what is missing. */
function beyondEmpty(path: string, direction: 1 | -1): Filter {
  if (direction === -1) return { [path]: { $type: ['minKey'] } }
  return { $or: [equalTo(path, null), { [path]: { $type: classes.slice(1).flat() } }] }
}

/** No number is in a range that begins or ends at NaN. */
function beyondNaN(path: string, direction: 1 | -1): Filter {
  if (direction === 1) return { [path]: { $type: classes.slice(1).flat() } }
  return { $or: [{ [path]: { $type: ['minKey'] } }, { [path]: { $eq: [] } }, equalTo(path, null)] }
}

function rankOf(value: Value): number {
  return ranks[typeClass(value)] ?? 3
}

const ranks: Readonly<Partial<Record<TypeClass, number>>> = {
  [TypeClass.null]: 0,
  [TypeClass.number]: 1,
  [TypeClass.string]: 2,
  [TypeClass.bytes]: 5,
  [TypeClass.objectId]: 6,
  [TypeClass.boolean]: 7,
  [TypeClass.date]: 8,
  [TypeClass.timestamp]: 9,
  [TypeClass.maxKey]: 14,
}
