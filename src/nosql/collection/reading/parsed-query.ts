import type { DriverQuery, Needs, QuerySource } from '../../contract/query.ts'
import { copyGiven } from '../../query/copy-given.ts'
import { isDocument, type Document, type Value } from '../../query/value.ts'
import type { ExpressionEngine, Variables } from '../../query/expression-engine.ts'
import type { FilterNode } from '../../query/filter-node.ts'
import { compileFilter } from '../../query/filter/compile-filter.ts'
import { parseFilter } from '../../query/filter/parse-filter.ts'
import type { Meter } from '../../query/meter.ts'
import { filterLiteral } from '../../query/literal.ts'
import { failedToParse } from '../../query/refusal.ts'
import { parseSort, type SortKey } from '../../query/sort.ts'
import type { Filter } from '../types/filter.ts'
import { sortPairs } from '../checks/sort-pairs.ts'
import { vendorQueryOf } from '../checks/vendor-query.ts'
import { type CollectionScope, confineFilter, confineSource, hasVendorValues } from '../collection-scope.ts'
import type { GivenFindOptions } from '../checks/operation-options.ts'
import { type MeteredOptions, meterOf } from '../spending.ts'

/** A checked query with what is needed to finish here what the backend leaves. */
export interface ParsedQuery extends DriverQuery {
  readonly meter: Meter
  /** What becomes of each document at the end. */
  readonly project?: ((document: Document) => Document) | undefined
  /** Whether the projection has expressions. */
  readonly isComputed?: boolean | undefined
  /** Expired documents are decided on already. */
  readonly hidesExpired?: boolean | undefined
}

/** A query with its predicate, which is compiled where it is first asked for. */
export function queryOf(parts: Omit<ParsedQuery, 'matches'>): ParsedQuery {
  let matches: ((document: Document) => boolean) | undefined
  return { ...parts, matches: (document) => (matches ??= compileFilter(parts.filter, parts.meter))(document) }
}

interface Wanted extends MeteredOptions {
  readonly needs?: Needs | undefined
  readonly upsert?: boolean | undefined
}

/** @throws NoSQLFilterError for whatever is wrong with the filter or the sort; nothing has been sent by then. */
export function parseQuery(scope: CollectionScope, given: unknown, options: GivenFindOptions & Wanted): ParsedQuery {
  const { backend, expressions } = scope.session.store
  const meter = meterOf(scope, options)
  const mongodb = options.mongodb === undefined ? undefined : vendorQueryOf(scope, options.mongodb, 'query')
  // What is parsed is what is sent, whatever the caller does with the filter meanwhile.
  const isByServer = backend.capabilities.evaluates === 'server'
  const source: QuerySource | undefined = isByServer
    ? { filter: copyGiven(given) as Filter, let: copyGiven(options.let) as Document | undefined } // parsed below
    : undefined
  const asked: FilterNode = parseFilter(source?.filter ?? given, {
    engine: expressions,
    meter,
    variables: variablesOf(scope, options),
    vendorValues: hasVendorValues(scope),
    upsert: options.upsert,
  })
  const filter = confineFilter(scope, asked)
  return queryOf({
    filter,
    meter,
    sort: sortKeys(options.sort),
    skip: options.skip ?? 0,
    limit: options.limit ?? Infinity,
    needs: options.needs ?? 'whole',
    source: source && { ...source, mongodb, filter: confineSource(scope, source.filter) },
  })
}

/** The caller's `let`, and `$$NOW` by the clock of the store. */
export function variablesOf(scope: CollectionScope, options: MeteredOptions): Variables {
  const now = new Date(scope.session.store.clock())
  if (options.let === undefined) return { NOW: now }
  const { aggregation, capabilities } = scope.session.store.backend
  const engine = capabilities.evaluates === 'engine' ? aggregation : undefined
  const given = Object.entries(options.let).map(([name, value]) => {
    if (!/^[a-z\u0080-\uffff][\w\u0080-\uffff]*$/.test(name)) {
      throw failedToParse('a variable must start with a lower-case letter and hold letters, digits and _', 'let')
    }
    return [name, constantOf(value, `let.${name}`, { engine, vendorValues: hasVendorValues(scope) })] as const
  })
  return { ...Object.fromEntries(given), NOW: now }
}

interface ConstantOptions {
  readonly engine: ExpressionEngine | undefined
  readonly vendorValues: boolean
}

/** A value, or what a constant expression comes to. A server evaluates it itself. */
function constantOf(value: unknown, at: string, { engine, vendorValues }: ConstantOptions): Value | undefined {
  const isExpression = isDocument(value) && Object.keys(value).some((key) => key.startsWith('$'))
  if (!isExpression || engine === undefined) return filterLiteral(value, at, vendorValues)
  return engine.expression(value)({}, {})
}

/** The keys of a sort, and then `_id`, so that every backend has one order. Undefined for none, and an empty one. */
export function sortKeys(sort: unknown): readonly SortKey[] | undefined {
  const pairs = sort === undefined ? [] : sortPairs(sort)
  if (pairs.length === 0) return undefined
  const keys = parseSort(pairs, 'sort')
  return keys.some(({ path }) => path === '_id') ? keys : [...keys, { path: '_id', direction: 1 }]
}
