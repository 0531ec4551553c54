import type { DriverCollection } from '../../contract/driver-collection.ts'
import type { Document } from '../../query/value.ts'
import type { CollectionScope } from '../collection-scope.ts'
import type { MeteredOptions } from '../spending.ts'
import type { LooseObject } from '../types/filter.ts'
import { countNatively } from './count.ts'
import { parseQuery } from './parsed-query.ts'
import { leadingMatch, type Stages } from './pipeline-reads.ts'
import { planOf } from './read.ts'

/**
 * The result of a pipeline that only counts what matches, counted by the backend. Undefined for any other pipeline, and
 * where the backend cannot count: sums and averages are never asked for, as each backend adds doubles in another order.
 */
export async function countInBackend(
  scope: CollectionScope,
  collection: DriverCollection,
  { stages, options }: { readonly stages: Stages; readonly options: MeteredOptions },
): Promise<readonly Document[] | undefined> {
  if (collection.count === undefined) return undefined
  const rowOf = rowsOf(stages.at(-1))
  if (rowOf === undefined || !stages.slice(0, -1).every(isMatch)) return undefined
  const context = { ...scope, options }
  const asked = parseQuery(scope, leadingMatch(stages), { ...options, needs: 'keys' })
  const { query } = await planOf(context, collection, asked)
  const count = await countNatively(context, collection, query)
  if (count === undefined) return undefined
  return count === 0 ? [] : [rowOf(count)]
}

function isMatch(stage: LooseObject): boolean {
  return Object.keys(stage).join() === '$match'
}

/** What the last stage makes of a number of documents. */
function rowsOf(stage: LooseObject | undefined): ((count: number) => Document) | undefined {
  if (stage === undefined || Object.keys(stage).length !== 1) return undefined
  const { $count: name, $group: group } = stage
  // The engine refuses other names.
  if (typeof name === 'string' && /^[^$.\0]+$/.test(name) && name !== '_id') return (count) => ({ [name]: count })
  if (typeof group !== 'object' || group === null) return undefined
  const { _id: id, ...fields } = group as LooseObject
  if (id !== null && typeof id !== 'number') return undefined
  const names = Object.keys(fields)
  const onlyCount = names.every((field) => /^[^$.\0]+$/.test(field) && isCount(fields[field]))
  return onlyCount ? (count) => ({ _id: id, ...Object.fromEntries(names.map((field) => [field, count])) }) : undefined
}

function isCount(accumulator: unknown): boolean {
  const text = JSON.stringify(accumulator)
  return text === '{"$sum":1}' || text === '{"$count":{}}'
}
