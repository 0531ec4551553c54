import type { DriverContext } from '../../../contract/context.ts'
import type { AggregateRequest } from '../../../contract/driver-collection.ts'
import type { DriverPage, DriverQuery } from '../../../contract/query.ts'
import { compileFilter } from '../../../query/filter/compile-filter.ts'
import { parseFilter } from '../../../query/filter/parse-filter.ts'
import type { Document } from '../../../query/value.ts'
import { countNatively } from './count.ts'
import type { ReadTarget } from './reads.ts'

type Stage = Readonly<Record<string, unknown>>

/**
 * A pipeline that only counts what matches, as one aggregation query. Undefined for any other, which the engine runs:
 * sums and averages too, for Firestore does not tell a bigint from a number and adds doubles in its own order.
 */
export async function runCountPipeline(
  target: ReadTarget,
  { pipeline }: AggregateRequest,
  context: DriverContext,
): Promise<AsyncIterable<DriverPage<Document>> | undefined> {
  const matches = pipeline.slice(0, -1).map((stage) => matchOf(stage))
  const rowOf = rowsOf(pipeline.at(-1))
  if (rowOf === undefined || matches.includes(undefined)) return undefined
  const filter = parseFilter(matches.length === 0 ? {} : { $and: matches })
  const query: DriverQuery = { filter, matches: compileFilter(filter), skip: 0, limit: Infinity, needs: 'keys' }
  const count = await countNatively(target, query, context)
  if (count === undefined) return undefined
  const documents = count === 0 ? [] : [rowOf(count)]
  return (async function* one() {
    yield { documents, scanned: 0, requests: 1 }
  })()
}

function matchOf(stage: Stage): unknown {
  return Object.keys(stage).join() === '$match' ? stage['$match'] : undefined
}

/** What the last stage makes of a number of documents. */
function rowsOf(stage: Stage | undefined): ((count: number) => Document) | undefined {
  if (stage === undefined || Object.keys(stage).length !== 1) return undefined
  const { $count: name, $group: group } = stage
  // The engine refuses other names.
  if (typeof name === 'string' && /^[^$.\0]+$/.test(name) && name !== '_id') return (count) => ({ [name]: count })
  if (typeof group !== 'object' || group === null) return undefined
  const { _id: id, ...fields } = group as Stage
  if (id !== null && typeof id !== 'number') return undefined
  const names = Object.keys(fields)
  const onlyCount = names.every((field) => /^[^$.\0]+$/.test(field) && isCount(fields[field]))
  return onlyCount ? (count) => ({ _id: id, ...Object.fromEntries(names.map((field) => [field, count])) }) : undefined
}

function isCount(accumulator: unknown): boolean {
  const text = JSON.stringify(accumulator)
  return text === '{"$sum":1}' || text === '{"$count":{}}'
}
