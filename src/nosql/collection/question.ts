import type { Variables } from '../query/expression-engine.ts'
import type { FilterNode } from '../query/filter-node.ts'
import { compileFilter } from '../query/filter/compile-filter.ts'
import { parseFilter } from '../query/filter/parse-filter.ts'
import { filterLiteral } from '../query/literal.ts'
import { failedToParse } from '../query/refusal.ts'
import { parseSort, type SortKey } from '../query/sort.ts'
import type { CollectionScope } from './collection-scope.ts'
import type { Sort } from './checks/operation-options.ts'
import { meterOf, type MeteredOptions } from './operation-meter.ts'
import type { ParsedQuery } from './read.ts'

/** A filter as it is written; MongoDB's query language. */
export type Filter = Readonly<Record<string, unknown>>

interface Wanted {
  readonly sort?: Sort | undefined
  readonly skip?: number | undefined
  readonly limit?: number | undefined
  readonly projection?: Filter | undefined
}

/** @throws {NoSQLFilterError} for whatever is wrong with the filter or the sort; nothing has been sent by then. */
export function parseQuery(scope: CollectionScope, filter: Filter, options: MeteredOptions & Wanted): ParsedQuery {
  const { aggregation: engine } = scope.session.store.backend
  const meter = meterOf(scope, options)
  const node: FilterNode = parseFilter(filter, { engine, meter, variables: variablesOf(scope, { ...options, meter }) })
  const sort = options.sort === undefined ? undefined : sortKeys(options.sort)
  return {
    filter: node,
    matches: compileFilter(node, meter),
    meter,
    sort,
    skip: options.skip ?? 0,
    limit: options.limit ?? Infinity,
    needs: 'whole',
    source: { filter, projection: options.projection, let: options.let },
  }
}

/** The caller's `let`, and `$$NOW` by the clock of the store. */
export function variablesOf(scope: CollectionScope, options: MeteredOptions): Variables {
  const given = Object.entries(options.let ?? {}).map(([name, value]) => {
    if (!/^[a-z\u0080-\uffff][\w\u0080-\uffff]*$/.test(name)) {
      throw failedToParse('a variable starts with a lower-case letter and holds letters, digits and _', 'let')
    }
    return [name, filterLiteral(value, `let.${name}`)] as const
  })
  return { ...Object.fromEntries(given), NOW: new Date(scope.session.store.clock()) }
}

/** The keys of a sort, with `_id` behind them, so that every backend has one order. Undefined for an empty sort. */
export function sortKeys(sort: Sort): readonly SortKey[] | undefined {
  if (typeof sort === 'object' && Object.keys(sort ?? { none: 0 }).length === 0) return undefined
  const keys = parseSort(typeof sort === 'string' ? { [sort]: 1 } : sort, 'sort')
  return keys.some(({ path }) => path === '_id') ? keys : [...keys, { path: '_id', direction: 1 }]
}
