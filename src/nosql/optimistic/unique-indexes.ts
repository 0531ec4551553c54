import { idIndex, type IndexModel } from '../contract/index-model.ts'
import type { UniqueIndex } from '../keys/lock-keys.ts'
import { compileFilter } from '../query/filter/compile-filter.ts'
import { parseFilter } from '../query/filter/parse-filter.ts'

/** Filters are compiled once for as long as a catalogue or a specification is remembered. */
const compiled = new WeakMap<IndexModel, UniqueIndex>()

/** The indexes whose keys are kept unique by locks, as the locks see them. `_id` is unique by itself. */
export function uniqueIndexes(indexes: readonly IndexModel[]): readonly UniqueIndex[] {
  return indexes.filter(({ name, unique }) => unique === true && name !== idIndex.name).map(toUnique)
}

function toUnique(index: IndexModel): UniqueIndex {
  let unique = compiled.get(index)
  if (unique === undefined) {
    const { partialFilterExpression: partial } = index
    unique = { ...index, includes: partial && compileFilter(parseFilter(partial)) }
    compiled.set(index, unique)
  }
  return unique
}
