import type { Variables } from '../query/expression-engine.ts'
import type { FilterNode } from '../query/filter-node.ts'
import { compileFilter } from '../query/filter/compile-filter.ts'
import { parseFilter } from '../query/filter/parse-filter.ts'
import { filterLiteral } from '../query/literal.ts'
import { failedToParse } from '../query/refusal.ts'
import { parseSort, type SortKey } from '../query/sort.ts'
import type { Filter } from './types/filter.ts'
import type { CollectionScope } from './collection-scope.ts'
import type { OperationOptions } from './checks/operation-options.ts'
import type { Sort } from './types/sort.ts'
import { sortPairs } from './checks/sort-pairs.ts'
import type { ParsedQuery } from './read.ts'

interface Wanted {
  readonly sort?: Sort | undefined
  readonly skip?: number | undefined
  readonly limit?: number | undefined
  readonly projection?: Filter | undefined
}

/** @throws {NoSQLFilterError} for whatever is wrong with the filter or the sort; nothing has been sent by then. */
export function parseQuery(scope: CollectionScope, filter: Filter, options: OperationOptions & Wanted): ParsedQuery {
  const { aggregation: engine } = scope.session.store.backend
  const node: FilterNode = parseFilter(filter, { engine, variables: variablesOf(scope, options) })
  const sort = options.sort === undefined ? undefined : sortKeys(options.sort)
  return {
    filter: node,
    matches: compileFilter(node),
    sort,
    skip: options.skip ?? 0,
    limit: options.limit ?? Infinity,
    needs: 'whole',
    source: { filter, projection: options.projection, let: options.let },
  }
}

/** The caller's `let`, and `$$NOW` by the clock of the store. */
export function variablesOf(scope: CollectionScope, options: OperationOptions): Variables {
  const given = Object.entries(options.let ?? {}).map(([name, value]) => {
    if (!/^[a-z\u0080-\uffff][\w\u0080-\uffff]*$/.test(name)) {
      throw failedToParse('a variable starts with a lower-case letter and holds letters, digits and _', 'let')
    }
    return [name, filterLiteral(value, `let.${name}`)] as const
  })
  return { ...Object.fromEntries(given), NOW: new Date(scope.session.store.clock()) }
}

/** The keys of a sort, and then `_id`, so that every backend has one order. Undefined for an empty sort. */
export function sortKeys(sort: unknown): readonly SortKey[] | undefined {
  const pairs = sortPairs(sort)
  if (pairs.length === 0) return undefined
  const keys = parseSort(pairs, 'sort')
  return keys.some(({ path }) => path === '_id') ? keys : [...keys, { path: '_id', direction: 1 }]
}
