import type { Cell, OptionsOf, Row } from './row.ts'
import { calls } from './shared-cells.ts'

/** What the topics `indexes`, `changes` and `documents` show. */
const shownElsewhere: Cell = () => Promise.resolve()

export const createIndex: Row<OptionsOf<'createIndex'>> = {
  run: (items, options) => items.createIndex({ n: 1 }, options),
  // As for an index of MongoDB's that cannot be.
  refusal: 'LEX_ERR_NOSQL_005',
  cells: {
    ...calls,
    name: shownElsewhere,
    unique: shownElsewhere,
    sparse: shownElsewhere,
    expireAfterSeconds: shownElsewhere,
    partialFilterExpression: shownElsewhere,
    partition: shownElsewhere,
    shards: shownElsewhere,
    consistency: shownElsewhere,
    onProgress: shownElsewhere,
  },
}

export const createIndexes: Row<OptionsOf<'createIndexes'>> = {
  run: (items, options) => items.createIndexes([{ key: 'n' }], options),
  cells: { ...calls, onProgress: shownElsewhere },
}

export const dropIndex: Row<OptionsOf<'dropIndex'>> = {
  run: (items, options) => items.dropIndex('n_1', options),
  cells: calls,
}

export const dropIndexes: Row<OptionsOf<'dropIndexes'>> = {
  run: (items, options) => items.dropIndexes(options),
  cells: calls,
}

export const listIndexes: Row<OptionsOf<'listIndexes'>> = {
  run: (items, options) => items.listIndexes(options),
  cells: calls,
}

export const rename: Row<OptionsOf<'rename'>> = {
  run: (items, options) => items.rename(`${items.name}_renamed`, options),
  cells: { ...calls, dropTarget: shownElsewhere },
}

export const drop: Row<OptionsOf<'drop'>> = {
  run: (items, options) => items.drop(options),
  cells: calls,
}

export const watch: Row<OptionsOf<'watch'>> = {
  run: (items, options) => items.watch(options),
  cells: { signal: calls.signal, resumeAfter: shownElsewhere, fullDocument: shownElsewhere },
}
