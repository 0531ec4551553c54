import type { Needs, QuerySource } from '../contract/query.ts'
import { NoSQLFilterError } from '../errors.ts'
import { copyGiven } from '../query/copy-given.ts'
import { wrapReadErrors } from '../query/read-given.ts'
import { expressionsOf } from './server-expressions.ts'
import type { Document } from '../query/value.ts'
import type { Variables } from '../query/expression-engine.ts'
import type { FilterNode } from '../query/filter-node.ts'
import { parseFilter } from '../query/filter/parse-filter.ts'
import { filterLiteral } from '../query/literal.ts'
import { failedToParse } from '../query/refusal.ts'
import { parseSort, type SortKey } from '../query/sort.ts'
import type { CollectionScope } from './collection-scope.ts'
import type { OperationOptions, Sort } from './checks/operation-options.ts'
import { queryOf, type ParsedQuery } from './parsed-query.ts'

/** A filter as it is written; MongoDB's query language. */
export type Filter = Readonly<Record<string, unknown>>

interface Wanted {
  readonly sort?: Sort | undefined
  readonly skip?: number | undefined
  readonly limit?: number | undefined
  readonly projection?: Filter | undefined
  readonly needs?: Needs | undefined
}

/** @throws {NoSQLFilterError} for whatever is wrong with the filter or the sort; nothing has been sent by then. */
export function parseQuery(scope: CollectionScope, given: Filter, options: OperationOptions & Wanted): ParsedQuery {
  const { backend } = scope.session.store
  // What is parsed is what is sent, whatever the caller does with the filter meanwhile.
  const source = backend.capabilities.evaluates === 'server' ? sourceOf(given, options) : undefined
  const filter: FilterNode = parseFilter(source?.filter ?? given, {
    engine: expressionsOf(backend),
    variables: variablesOf(scope, options),
  })
  return queryOf({
    filter,
    sort: options.sort === undefined ? undefined : sortKeys(options.sort),
    skip: options.skip ?? 0,
    limit: options.limit ?? Infinity,
    needs: options.needs ?? 'whole',
    source,
  })
}

function sourceOf(filter: Filter, options: OperationOptions & Wanted): QuerySource {
  return {
    filter: wrapReadErrors(
      () => copyGiven(filter) as Filter, // what is not an object is refused by the parser
      (cause) => new NoSQLFilterError('a filter cannot be read', { reason: 'BadValue', path: '', cause }),
    ),
    projection: copyGiven(options.projection) as Filter | undefined,
    let: copyGiven(options.let) as Document | undefined,
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

/** The keys of a sort, with `_id` behind them, so that every backend has one order. Undefined for an empty sort. */
export function sortKeys(sort: Sort): readonly SortKey[] | undefined {
  if (typeof sort === 'object' && Object.keys(sort ?? { none: 0 }).length === 0) return undefined
  const keys = parseSort(typeof sort === 'string' ? { [sort]: 1 } : sort, 'sort')
  return keys.some(({ path }) => path === '_id') ? keys : [...keys, { path: '_id', direction: 1 }]
}
