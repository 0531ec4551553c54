import { compareValues } from '../query/compare.ts'
import type { SortKey, SortValues } from '../query/sort.ts'
import type { Value } from '../query/value.ts'
import type { IndexAccess, IndexRun } from './access.ts'

/** Where to begin in a run of an index, in the direction in which it is read. */
export interface Seek {
  /** Values of the paths after the run's equal ones, in index order; the one after the last path is the `_id`. */
  readonly values: readonly (Value | undefined)[]
  /** `at`: with the first entry that has these values; `past`: after all that have them. */
  readonly side: 'at' | 'past'
}

interface Position {
  readonly sort: readonly SortKey[]
  readonly after: SortValues
}

/**
 * Where to begin in a run, so that only what is after the position in the sort is read: page N costs what page 1
 * costs. `all`: the whole run is after it; `none`: nothing of it is. Ties with the position may come with it: drop
 * them with `isAfter`.
 *
 * @param access one that has an order
 */
export function seekRun(access: IndexAccess, run: IndexRun, { sort, after }: Position): Seek | 'all' | 'none' {
  const { index } = access
  const paths = index.key.map(([path]) => path)
  const values: (Value | undefined)[] = []
  const stop = (behind: boolean): Seek | 'all' | 'none' => {
    if (values.length === 0) return behind ? 'all' : 'none'
    return { values, side: behind ? 'at' : 'past' }
  }
  for (const [at, { path, direction }] of sort.entries()) {
    const fixed = paths.indexOf(path)
    if (fixed >= 0 && fixed < run.equal.length) {
      const order = compareValues(run.equal[fixed], after[at]) * direction
      if (order !== 0) return stop(order > 0)
    } else if (fixed < 0 && !tiesFollow(access)) return { values, side: 'at' }
    else values.push(after[at])
    if (path === '_id') break
  }
  return stop(false)
}

/** Whether entries with equal keys come in the order that the sort wants, in the direction in which they are read. */
function tiesFollow({ order, tiesReversed, index }: IndexAccess): boolean {
  return !tiesReversed && (order === 1 || index.backwards === 'reversed ties')
}
