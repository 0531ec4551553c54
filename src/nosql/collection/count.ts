import { NoSQLFilterError } from '../errors.ts'
import { compareValues, equalValues } from '../query/compare.ts'
import { collectAtPath } from '../query/path.ts'
import { copyValue, type Value } from '../query/value.ts'
import { open, type CollectionScope } from './collection-scope.ts'
import { checkOptions, wholeNumber, type OperationOptions } from './checks/operation-options.ts'
import { parseQuery } from './question.ts'
import type { Filter } from './types/filter.ts'
import { readPages } from './read.ts'

export interface CountOptions extends OperationOptions {
  readonly skip?: number | undefined
  /** Stop counting here; 0 or absent: count all. */
  readonly limit?: number | undefined
}

export async function countDocuments(scope: CollectionScope, filter: Filter, options: CountOptions): Promise<number> {
  checkOptions(options, ['skip', 'limit'])
  const skip = wholeNumber(options.skip, 'skip', 0)
  const limit = wholeNumber(options.limit, 'limit', 0) || Infinity
  const reading = parseQuery(scope, filter, { ...options, skip, limit })
  const collection = await open(scope, options)
  const counted = await collection.count?.(reading, scope.session.store.context(options))
  if (counted !== undefined) return counted
  let count = 0
  for await (const page of readPages({ ...scope, options }, collection, reading)) count += page.length
  return count
}

/** The different values at a path, array elements one by one, in sort order. */
export async function distinct(
  scope: CollectionScope,
  path: string,
  { filter, ...options }: OperationOptions & { readonly filter: Filter },
): Promise<Value[]> {
  checkOptions(options, [])
  if (typeof path !== 'string' || path === '' || path.startsWith('$')) {
    throw new NoSQLFilterError('distinct needs the path of a field.', { reason: 'BadValue', path: '' })
  }
  const reading = parseQuery(scope, filter, options)
  const parts = path.split('.')
  let values: Value[] = []
  const differing = () => values.sort(compareValues).filter((value, i) => i === 0 || !equalValues(value, values[i - 1]))
  let full = 10_000
  for await (const page of readPages({ ...scope, options }, await open(scope, options), reading)) {
    for (const { document } of page) for (const value of collectAtPath(document, parts)) values.push(value)
    if (values.length < full) continue
    values = differing()
    full = Math.max(full, values.length * 2)
  }
  return differing().map(copyValue)
}
