import type { IndexModel } from '../../../contract/index-model.ts'
import type { DriverQuery } from '../../../contract/query.ts'
import { keyRange } from '../../../keys/key-range.ts'
import type { Access, IndexAccess } from '../../../plan/access.ts'
import { chooseAccess } from '../../../plan/choose-access.ts'
import { conjuncts } from '../../../plan/conjuncts.ts'
import type { Facts } from '../../../plan/facts.ts'
import { indexShape, type IndexShape } from '../../../plan/index-shape.ts'
import { push } from '../../../plan/push.ts'
import { dynamoDialect } from '../dialect.ts'
import { keptBytes } from '../indexes/entries.ts'
import type { Place } from '../place.ts'

export interface ReadTarget {
  readonly place: Place
  readonly facts: Facts
  /** Those that are ready. */
  readonly indexes: readonly IndexModel[]
}

/** How the documents of a query are found, and what of its filter is left. */
export function accessOf({ indexes, facts }: ReadTarget, query: DriverQuery) {
  const shapes = indexes.map((index): SpreadShape => {
    const { partition, shards } = index
    return { ...indexShape(index, facts, { arrays: 'entries', backwards: 'reversed ties', partition }), shards }
  })
  const access = chooseAccess(query, { indexes: shapes, facts })
  // A key does not distinguish values that are too long for it.
  const isCut = access.kind === 'union' ? access.branches.some((branch) => hasCutEnd(branch.access)) : hasCutEnd(access)
  const pushed = access.kind === 'scan' ? push(query.filter, dynamoDialect, facts) : undefined
  const residual = pushed?.residual ?? (isCut ? conjuncts(query.filter) : access.residual)
  return { access, pushed, isCut, residual }
}

export interface SpreadShape extends IndexShape {
  readonly shards: number | undefined
}

export type SpreadAccess = IndexAccess<SpreadShape>

function hasCutEnd(access: Access): boolean {
  if (access.kind !== 'index') return false
  const { runs, index } = access
  return runs.some(({ equal, interval }) => !keyRange(equal, interval, { key: index.key, limit: keptBytes }).exact)
}
