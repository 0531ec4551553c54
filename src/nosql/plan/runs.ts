import { filedValues } from '../keys/index-entries.ts'
import { compareValues } from '../query/compare.ts'
import type { Document, Value } from '../query/value.ts'
import type { IndexRun } from './access.ts'
import type { IndexShape } from './index-shape.ts'
import { sideOf } from './intervals.ts'

/** The place of an entry's values in index order: before (-1), within (0) or after (1) a run. */
export function sideOfRun(
  { key }: Pick<IndexShape, 'key'>,
  { equal, interval }: IndexRun,
  values: readonly Value[],
): number {
  for (const [at, [, direction]] of key.entries()) {
    const value = values[at] as Value
    if (at === equal.length) return sideOf(value, interval) * direction
    const order = compareValues(value, equal[at])
    if (order !== 0) return order * direction
  }
  return 0
}

/**
 * Whether a document is in a run of an index with one entry per document. For an index whose keys are cut: what a
 * cut range brings too much is dropped by it, and the run is exact again.
 */
export function runTest(index: Pick<IndexShape, 'key'>, run: IndexRun): (document: Document) => boolean {
  return (document) => {
    const values = filedValues(index, document)
    return Array.isArray(values) && sideOfRun(index, run, values as readonly Value[]) === 0
  }
}
