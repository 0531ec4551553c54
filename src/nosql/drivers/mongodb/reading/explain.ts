import type { Explanation } from '../../../contract/explanation.ts'
import type { ListedIndex } from '../../../contract/index-model.ts'
import type { DriverQuery } from '../../../contract/query.ts'
import type { MongoDbQuery } from '../../../contract/vendor-query.ts'
import type { NativeAccess } from '../../../plan/read-plan.ts'
import { chooseAccess, sorterOf } from '../../../plan/choose-access.ts'
import type { Facts } from '../../../plan/facts.ts'
import { indexShape } from '../../../plan/index-shape.ts'
import { readClaims } from '../../../plan/read-plan.ts'
import type { FilterNode } from '../../../query/filter-node.ts'
import { parseFilter } from '../../../query/filter/parse-filter.ts'
import { isDocument } from '../../../query/value.ts'
import { filterOf, projectionOf, sourceOf } from '../dialect.ts'
import { present } from './present.ts'

/** What is known of the collection. */
export interface Known {
  readonly indexes: readonly ListedIndex[]
  readonly facts: Facts
}

/** The index that fits best, by this package's reckoning; the server may choose another one that fits. */
export function explain(query: DriverQuery, known: Known): Explanation {
  const { mongodb = {} } = sourceOf(query)
  const whole = { ...query, filter: withVendorFilter(query.filter, mongodb.filter) }
  const shapes = usable(known.indexes, mongodb.hint).map((index) => indexShape(index, known.facts))
  const planned = chooseAccess(whole, { indexes: shapes, facts: known.facts })
  const access = planned.kind === 'scan' && needsIndex(mongodb.filter) ? ofItsOwn : planned
  const sorter = sorterOf(planned, query.sort)
  const claims = readClaims(whole, {
    access,
    native: present({ filter: filterOf(query), sort: sortText(query), projection: projectionOf(query) }),
    residual: [],
    sorter: sorter === 'client' ? 'native' : sorter,
    positioned: query.after === undefined,
    limits: true,
    estimatedRequests: 1,
  })
  // The server is asked also where nothing can match.
  return { ...claims.explain(), estimatedRequests: 1 }
}

/** An index for text or places, which this package does not know. */
const ofItsOwn: NativeAccess = { kind: 'native', index: null, scan: false }

/** Conditions that the server refuses to answer without an index for them. */
const indexed: ReadonlySet<string> = new Set(['$text', '$near', '$nearSphere', '$geoNear'])

function needsIndex(condition: unknown): boolean {
  if (Array.isArray(condition)) return condition.some(needsIndex)
  if (!isDocument(condition)) return false
  return Object.entries<unknown>(condition).some(([name, inner]) => indexed.has(name) || needsIndex(inner))
}

/** The caller's filter with those conditions for MongoDB that this package can read too. */
function withVendorFilter(filter: FilterNode, given: MongoDbQuery['filter']): FilterNode {
  if (given === undefined) return filter
  const nodes = Object.entries(given).flatMap(([path, condition]) => portable({ [path]: condition }))
  return nodes.length === 0 ? filter : { kind: 'and', nodes: [filter, ...nodes] }
}

function portable(condition: Readonly<Record<string, unknown>>): readonly FilterNode[] {
  try {
    return [parseFilter(condition)]
  } catch {
    return [] // the server's to understand
  }
}

/** The indexes that the server may choose from: one alone where the caller says which. */
function usable(indexes: readonly ListedIndex[], hint: MongoDbQuery['hint']): readonly ListedIndex[] {
  const own = indexes.filter(({ name, kind }) => name !== '_id_' && kind === undefined)
  if (hint === undefined) return own
  const wanted = typeof hint === 'string' ? hint : JSON.stringify(Object.entries(hint))
  return own.filter(({ name, key }) => (typeof hint === 'string' ? name : JSON.stringify(key)) === wanted)
}

function sortText({ sort }: DriverQuery): readonly (readonly [string, 1 | -1])[] | undefined {
  return sort?.map(({ path, direction }) => [path, direction] as const)
}
