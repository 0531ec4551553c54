import { isDocument } from '../../query/value.ts'
import type { Filter, LooseObject } from '../types/filter.ts'

export type Stages = readonly LooseObject[]

/** First stages that read what they ask for through an index, or read no collection. */
const byIndex: ReadonlySet<string> = new Set(['$geoNear', '$search', '$searchMeta', '$vectorSearch', '$documents'])

/** Whether a pipeline begins with a stage that scans nothing. */
export function readsByIndex([first = {}]: Stages): boolean {
  return Object.keys(first).some((name) => byIndex.has(name))
}

/** What the stages at the beginning of a pipeline ask of the documents that it reads. */
export function leadingMatch(stages: Stages): Filter {
  const end = stages.findIndex((stage) => !('$match' in stage))
  const filters = stages.slice(0, end < 0 ? undefined : end).map((stage) => stage['$match'])
  return filters.length === 1 ? (filters[0] as Filter) : filters.length === 0 ? {} : { $and: filters } // checked by its parser
}

/** What is read of another collection. */
export interface OtherRead {
  readonly name: string
  readonly filter: Filter
}

/** The other collections that a pipeline reads, in stages of stages too. */
export function otherReads(stages: Stages): readonly OtherRead[] {
  return stages.flatMap((stage) => Object.entries(stage).flatMap(([name, body]) => readsOf(name, body)))
}

/** Any value will do: it is asked by which field documents are found. */
const byField = (field: unknown): Filter => ({ [String(field)]: 0 })

function readsOf(stage: string, body: unknown): readonly OtherRead[] {
  if (stage === '$unionWith' && typeof body === 'string') return [{ name: body, filter: {} }]
  if (!isDocument(body)) return []
  if (stage === '$facet') return Object.values<unknown>(body).flatMap((stages) => otherReads(stagesOf(stages)))
  const { from, coll, pipeline, foreignField, connectToField }: LooseObject = body
  const inner = stagesOf(pipeline)
  const nested = stage === '$lookup' || stage === '$unionWith' ? otherReads(inner) : []
  const name = stage === '$unionWith' ? coll : stage === '$lookup' || stage === '$graphLookup' ? from : undefined
  if (typeof name !== 'string' || readsByIndex(inner)) return nested
  const field = stage === '$lookup' ? foreignField : connectToField
  return [{ name, filter: field === undefined ? leadingMatch(inner) : byField(field) }, ...nested]
}

function stagesOf(given: unknown): Stages {
  return Array.isArray(given) ? given.filter((stage): stage is LooseObject => isDocument(stage)) : []
}
