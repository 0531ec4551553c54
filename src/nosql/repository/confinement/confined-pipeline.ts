import { UsageError } from '../../../core/errors.ts'
import type { Filter, LooseObject } from '../../collection/types/filter.ts'

/** What a pipeline may see: its own collection through `base`, and others only when `confined` is false. */
export interface Visibility {
  readonly collection: string
  readonly base: readonly Filter[]
  /** True where nothing beside the filtered documents may be read, as for a tenant. */
  readonly confined: boolean
}

/** One stage of a pipeline, as it is written. */
type Stage = Readonly<Record<string, unknown>>

/**
 * The pipeline over the filtered documents only. Stages that read the same collection again get the filter too; those
 * that read another collection, or write, are refused where the filter is a confinement.
 *
 * @throws UsageError `LEX_ERR_USE_001`
 */
export function confinePipeline(stages: readonly LooseObject[], visibility: Visibility): readonly LooseObject[] {
  const inner = stages.map((stage) => narrowStage(stage, visibility) as Stage) // as its input is
  return [...baseStages(visibility), ...inner]
}

function baseStages({ base }: Visibility): readonly Stage[] {
  return base.length === 0 ? [] : [{ $match: { $and: base } }]
}

/** Malformed stages pass as they are: the engine refuses them with its own words. */
function narrowStage(stage: unknown, visibility: Visibility): unknown {
  if (!isStage(stage)) return stage
  return Object.fromEntries(Object.entries(stage).map(([name, body]) => [name, narrowBody(name, body, visibility)]))
}

function narrowBody(name: string, body: unknown, visibility: Visibility): unknown {
  switch (name) {
    case '$facet':
      return isStage(body)
        ? Object.fromEntries(Object.entries(body).map(([k, v]) => [k, narrowStages(v, visibility)]))
        : body
    case '$lookup':
      return isStage(body) ? { ...body, ...narrowedPipeline(body, body['from'], visibility) } : body
    case '$unionWith':
      return narrowUnion(isStage(body) ? body : { coll: body }, visibility)
    case '$graphLookup':
      return isStage(body) ? narrowGraph(body, visibility) : body
    case '$out':
    case '$merge':
      throw new UsageError('an aggregation of a repository cannot write', {
        hint: 'Use store.collection(…).aggregate for $out and $merge.',
      })
    default:
      return body
  }
}

function narrowUnion(body: Stage, visibility: Visibility): Stage {
  return { ...body, ...narrowedPipeline(body, body['coll'], visibility) }
}

function narrowGraph(body: Stage, visibility: Visibility): Stage {
  if (!isSelf(body['from'], visibility) || visibility.base.length === 0) return body
  const own = body['restrictSearchWithMatch']
  return { ...body, restrictSearchWithMatch: { $and: [...visibility.base, ...(own === undefined ? [] : [own])] } }
}

/** The inner pipeline of a stage that reads `from`, with the filter where that is the same collection. */
function narrowedPipeline(body: Stage, from: unknown, visibility: Visibility): Stage {
  const own = narrowStages(body['pipeline'], visibility)
  const first = from !== undefined && isSelf(from, visibility) ? baseStages(visibility) : []
  if (own === undefined && first.length === 0) return {}
  return { pipeline: Array.isArray(own ?? []) ? [...first, ...((own ?? []) as unknown[])] : own } // checked by isArray
}

function narrowStages(stages: unknown, visibility: Visibility): unknown {
  return Array.isArray(stages) ? stages.map((stage) => narrowStage(stage, visibility)) : stages
}

function isSelf(from: unknown, visibility: Visibility): boolean {
  if (from === visibility.collection) return true
  if (!visibility.confined) return false
  throw new UsageError('a repository that is confined to a tenant cannot read other collections', {
    hint: "Query the other collection through its own repository, or use store.collection(…) with the tenant's filter.",
  })
}

function isStage(value: unknown): value is Stage {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
