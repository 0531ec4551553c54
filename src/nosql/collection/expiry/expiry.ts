import type { Expiry } from '../../contract/driver-collection.ts'
import { parseFilter } from '../../query/filter/parse-filter.ts'
import type { FilterNode } from '../../query/filter-node.ts'
import { queryOf, type ParsedQuery } from '../reading/parsed-query.ts'

/** Holds for a document that is past one of its dates; undefined where nothing expires. */
export function expiredFilter(expiry: readonly Expiry[] | undefined, now: number): FilterNode | undefined {
  if (expiry === undefined || expiry.length === 0) return undefined
  return { kind: 'or', nodes: expiry.map((rule) => expiredBy(rule, now)) }
}

/** The same query without documents that are past their dates, whether or not the backend has removed them by now. */
export function hideExpired(query: ParsedQuery, expiry: readonly Expiry[] | undefined, now: number): ParsedQuery {
  if (query.hidesExpired === true || expiry === undefined || expiry.length === 0) return query
  const living = expiry.map((rule): FilterNode => ({ kind: 'not', node: expiredBy(rule, now) }))
  const { source } = query
  return queryOf({
    ...query,
    filter: { kind: 'and', nodes: [query.filter, ...living] },
    source: source && { ...source, filter: { $and: [source.filter, livingSource(expiry, now)] } },
    hidesExpired: true,
  })
}

/** The condition as it would be written. An array is past its time with its earliest date, as in MongoDB. */
export function livingSource(expiry: readonly Expiry[], now: number): Readonly<Record<string, unknown>> {
  return {
    $nor: expiry.map((rule) => {
      const due = { [rule.path]: { $lte: dueDate(rule, now) } }
      return rule.partialFilterExpression === undefined ? due : { $and: [rule.partialFilterExpression, due] }
    }),
  }
}

function expiredBy(rule: Expiry, now: number): FilterNode {
  const { path, partialFilterExpression: partial } = rule
  const test = { kind: 'compare', operator: 'lte', value: dueDate(rule, now) } as const
  const due: FilterNode = { kind: 'field', path, parts: path.split('.'), test }
  return partial === undefined ? due : { kind: 'and', nodes: [parseFilter(partial), due] }
}

function dueDate({ afterSeconds }: Expiry, now: number): Date {
  return new Date(now - afterSeconds * 1000)
}
