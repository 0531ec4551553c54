/** `arrayFilters`: which elements `$[name]` stands for. */

import { predicateOf } from '../filter/predicate-of.ts'
import { parseFilter } from '../filter/parse-filter.ts'
import type { Meter } from '../meter.ts'
import { badValue, failedToParse, inside, typeMismatch } from '../refusal.ts'
import { isDocument, type Value } from '../value.ts'
import { isFilterName } from './update-path.ts'

export type ArrayFilters = ReadonlyMap<string, (element: Value) => boolean>

interface ReadOptions {
  readonly meter?: Meter | undefined
  readonly vendorValues?: boolean | undefined
}

/**
 * Each filter is about one name, the first part of all of its paths.
 *
 * @throws NoSQLFilterError
 */
export function parseArrayFilters(filters: unknown, options: ReadOptions = {}): ArrayFilters {
  const parsed = new Map<string, (element: Value) => boolean>()
  if (filters === undefined) return parsed
  if (!Array.isArray(filters)) throw typeMismatch('arrayFilters must be an array', 'arrayFilters')
  for (const [index, filter] of filters.entries()) {
    const at = inside('arrayFilters', index)
    const predicate = predicateOf(parseFilter(filter, { ...options, nested: true }), options.meter)
    const name = nameOf(filter, at)
    if (parsed.has(name)) throw failedToParse('array filters must have different names', at)
    parsed.set(name, (element) => predicate({ [name]: element }))
  }
  return parsed
}

function nameOf(filter: unknown, at: string): string {
  const names = new Set<string>()
  collectNames(filter, names)
  const [name] = names
  if (name === undefined || names.size > 1) throw failedToParse('an array filter must use exactly one name', at)
  if (!isFilterName(name))
    throw badValue('the name of an array filter must be a lower-case letter followed by letters or digits', at)
  return name
}

function collectNames(filter: unknown, names: Set<string>): void {
  if (!isDocument(filter)) return
  for (const [key, value] of Object.entries(filter)) {
    if (!key.startsWith('$')) names.add(key.split('.')[0] as string) // `split` returns at least one part
    else if (Array.isArray(value)) for (const branch of value) collectNames(branch, names)
  }
}
