import { equalValues } from '../query/compare.ts'
import type { SortKey } from '../query/sort.ts'
import type { IndexRun } from './access.ts'
import type { IndexShape } from './index-shape.ts'

export interface RunOrder {
  /** 1: read forwards; -1: read backwards. */
  readonly order: 1 | -1
  /** The runs are each in order, and have to be merged. */
  readonly merge: boolean
  /** Ties come by descending `_id` where ascending is wanted, or the other way about. */
  readonly tiesReversed: boolean
}

/**
 * The order in which runs of an index have the sort; undefined where they have not. A sort is satisfied by the paths
 * of the index after those that are fixed, all of them, and then by `_id`, which breaks the ties.
 */
export function orderOfRuns(
  shape: IndexShape,
  runs: readonly IndexRun[],
  sort: readonly SortKey[] | undefined,
): RunOrder | undefined {
  if (sort === undefined || runs.length === 0) return undefined
  const shared = sharedValues(runs)
  const inOneGo = orderOf(shape, shared, sort)
  if (inOneGo !== undefined) return { ...inOneGo, merge: false }
  const [{ equal } = { equal: [] }] = runs
  const each = runs.length > 1 && equal.length > shared ? orderOf(shape, equal.length, sort) : undefined
  return each && { ...each, merge: true }
}

/** How many of the first paths have one value in all runs. */
function sharedValues(runs: readonly IndexRun[]): number {
  const [first, ...others] = runs
  if (first === undefined) return 0
  const differs = first.equal.findIndex((value, at) => !others.every((run) => equalValues(run.equal[at], value)))
  return differs === -1 ? first.equal.length : differs
}

function orderOf(shape: IndexShape, fixed: number, sort: readonly SortKey[]): Omit<RunOrder, 'merge'> | undefined {
  const constant = new Set(shape.key.slice(0, fixed).map(([path]) => path))
  const wanted = untilId(sort.filter(({ path }) => !constant.has(path)))
  const tail = untilId(shape.key.slice(fixed).map(([path, direction]) => ({ path, direction })))
  const backwards = shape.backwards ?? 'same ties'
  for (const order of backwards === 'no' ? ([1] as const) : ([1, -1] as const)) {
    const ties: SortKey = { path: '_id', direction: order === -1 && backwards === 'reversed ties' ? -1 : 1 }
    // Each factor is 1 or -1.
    const keys = tail.map(({ path, direction }) => ({ path, direction: (direction * order) as 1 | -1 }))
    if (tail.at(-1)?.path !== '_id' && !constant.has('_id')) {
      if (isSame([...keys, ties], wanted)) return { order, tiesReversed: false }
      if (backwards !== 'reversed ties') continue
      // The other of the two directions.
      if (isSame([...keys, { ...ties, direction: -ties.direction as 1 | -1 }], wanted)) {
        return { order, tiesReversed: true }
      }
    } else if (isSame(keys, wanted)) return { order, tiesReversed: false }
  }
  return undefined
}

/** Keys after `_id` do not change the order. */
function untilId(keys: readonly SortKey[]): readonly SortKey[] {
  const id = keys.findIndex(({ path }) => path === '_id')
  return id === -1 ? keys : keys.slice(0, id + 1)
}

function isSame(a: readonly SortKey[], b: readonly SortKey[]): boolean {
  return (
    a.length === b.length && a.every(({ path, direction }, i) => b[i]?.path === path && b[i].direction === direction)
  )
}
