import { assertOptions, must } from '../../core/assert-options.ts'
import { UsageError } from '../../core/errors.ts'
import { assertPlainObject, kindOf } from '../../core/plain-object.ts'
import type { FieldPath, FieldValue } from '../../core/specification/field-path.ts'
import type { Accumulator, Expression } from './accumulators.ts'
import { checkCount, checkExpression, checkText } from './check-argument.ts'
import { conditionFilter, type Condition } from './condition.ts'
import type { SortDirection } from '../collection/types/sort.ts'
import { sortPairs } from '../collection/checks/sort-pairs.ts'

/** One stage as plain data: an object of exactly one `$` operator. */
export type PipelineStage = Readonly<Record<`$${string}`, unknown>>

/** A sort as pairs, `[['total', -1]]`, as an object, `{ total: -1 }`, or as a `Map`; in order of importance. */
export type SortOrder<F extends string = string> =
  | readonly (readonly [field: F, direction: SortDirection])[]
  | { readonly [field in F]?: SortDirection }
  | ReadonlyMap<F, SortDirection>
  | F

type Accumulators = Readonly<Record<string, Accumulator<unknown>>>
type Yield<A> = A extends Accumulator<infer R> ? R : unknown
type Grouped<Id, A> = {
  -readonly [K in keyof A | '_id']: K extends '_id' ? Id : K extends keyof A ? Yield<A[K]> : never
}
type GroupKey<T, By> = By extends string ? (By extends FieldPath<T> ? FieldValue<T, By> | null : unknown) : unknown

export interface LookupStage {
  /** Name of the other collection. */
  readonly from: string
  readonly localField?: string
  readonly foreignField?: string
  readonly let?: Readonly<Record<string, Expression>>
  readonly pipeline?: Stages
  /** Field that takes the array of what was found. */
  readonly as: string
}

export interface BucketStage {
  readonly groupBy: Expression
  /** Ascending bounds; a bucket includes its lower and not its upper. */
  readonly boundaries: readonly unknown[]
  /** Bucket for what lies outside; without it such a document is an error. */
  readonly default?: unknown
  readonly output?: Accumulators
}

/** A pipeline or its stages. */
export type Stages = { build(): readonly PipelineStage[] } | readonly PipelineStage[]

const unwindOptions = { preserveNullAndEmptyArrays: must.beBoolean, includeArrayIndex: must.beText }
const lookupParts = {
  from: must.beText,
  localField: must.beText,
  foreignField: must.beText,
  let: must.bePlainObject,
  pipeline: must.beAnything,
  as: must.beText,
}
const output = must.bePlainObject
const bucketParts = { groupBy: must.beAnything, boundaries: must.beArray, default: must.beAnything, output }
const bucketAutoParts = {
  groupBy: must.beAnything,
  buckets: must.beWholeNumberFrom(1),
  output,
  granularity: must.beText,
}

/**
 * Builds an aggregation pipeline step by step; every step returns a new pipeline. The type parameter follows the shape of
 * the documents where a stage determines it (`group`, `count`, `sortByCount`).
 *
 * @see https://www.mongodb.com/docs/manual/reference/operator/aggregation-pipeline/
 * @example
 * import { AggregationOp, AggregationPipeline } from 'lexigram-edge/nosql'
 *
 * const pipeline = new AggregationPipeline()
 *   .match({ status: 'active' })
 *   .group('_id', { total: AggregationOp.SUM(1) })
 *   .sort([['total', -1]])
 * for await (const row of store.collection('results').aggregate(pipeline.build())) console.log(row)
 */
export class AggregationPipeline<T = object> {
  #stages: readonly PipelineStage[] = []

  /** Keeps the documents that meet every condition. */
  match(...conditions: readonly Condition<T>[]): AggregationPipeline<T> {
    const filters = conditions.map(conditionFilter)
    return this.#add({ $match: filters.length > 1 ? { $and: filters } : (filters[0] ?? {}) })
  }

  /**
   * One document per key. The key is a field's name (`'dept'` stands for `'$dept'`), an expression, or null for one group of
   * all documents. A single argument is the whole stage, with its `_id`.
   */
  group<const By, const A extends Accumulators>(
    by: By,
    accumulators: A,
  ): AggregationPipeline<Grouped<GroupKey<T, By>, A>>
  group<const A extends { readonly _id: Expression }>(stage: A): AggregationPipeline<Grouped<unknown, A>>
  group(by: unknown, accumulators?: Accumulators): AggregationPipeline<Grouped<unknown, Accumulators>> {
    if (accumulators !== undefined) {
      const fields = assertPlainObject(accumulators, 'the accumulators of group')
      return this.#add({ $group: { _id: fieldExpression(by, 'the key of group'), ...fields } })
    }
    const stage = assertPlainObject(by, 'the argument of group')
    if ('_id' in stage) return this.#add({ $group: { ...stage } })
    throw new UsageError('group must have a key', { hint: "Write group('field', { … }) or group({ _id: …, … })." })
  }

  sort(order: SortOrder<FieldPath<T>>): AggregationPipeline<T> {
    const pairs = sortPairs(order)
    const $sort = Object.fromEntries(pairs as readonly (readonly [string, unknown])[]) // the engine checks the paths
    const isInOrder = Object.keys($sort).every((path, index) => path === pairs[index]?.[0])
    if (isInOrder && pairs.length > 0) return this.#add({ $sort })
    throw new UsageError('a sort must have at least one path, each of them once', {
      hint: 'Put a path that is a whole number first: an object lists it first.',
    })
  }

  /** Shape of the documents from here on: 1 and 0 keep and drop a field, anything else is an expression. */
  project<U = object>(fields: Readonly<Record<string, Expression>>): AggregationPipeline<U> {
    return this.#add({ $project: { ...assertPlainObject(fields, 'the fields of project') } })
  }

  addFields<U = object>(fields: Readonly<Record<string, Expression>>): AggregationPipeline<U> {
    return this.#add({ $addFields: { ...assertPlainObject(fields, 'the fields of addFields') } })
  }

  unset<U = object>(...fields: readonly FieldPath<T>[]): AggregationPipeline<U> {
    return this.#add({ $unset: fields.map((field) => checkText(field, 'a field of unset')) })
  }

  /** One document per element of an array; `preserveNullAndEmptyArrays` also keeps documents without any. */
  unwind<U = object>(
    path: FieldPath<T>,
    options: { readonly preserveNullAndEmptyArrays?: boolean; readonly includeArrayIndex?: string } = {},
  ): AggregationPipeline<U> {
    const full = fieldExpression(checkText(path, 'the path of unwind'), 'the path of unwind')
    const given = assertOptions(options, unwindOptions)
    return this.#add({ $unwind: Object.keys(given).length === 0 ? full : { path: full, ...given } })
  }

  /** Joins documents of another collection, as an array. */
  lookup<U = object>(stage: LookupStage): AggregationPipeline<U> {
    const { pipeline, ...rest } = assertOptions(stage, lookupParts, 'the stage of lookup')
    return this.#add({ $lookup: pipeline === undefined ? rest : { ...rest, pipeline: stagesOf(pipeline) } })
  }

  /** Several pipelines over the same documents, each yielding an array in its field. */
  facet<U = object>(facets: Readonly<Record<string, Stages>>): AggregationPipeline<U> {
    const entries = Object.entries(assertPlainObject(facets, 'the facets'))
    return this.#add({ $facet: Object.fromEntries(entries.map(([name, stages]) => [name, stagesOf(stages)])) })
  }

  limit(count: number): AggregationPipeline<T> {
    return this.#add({ $limit: checkCount(count, 'limit', 1) })
  }

  skip(count: number): AggregationPipeline<T> {
    return this.#add({ $skip: checkCount(count, 'skip', 0) })
  }

  /** One document with the number of documents; none when there are none. */
  count<const F extends string = 'count'>(field = 'count' as F): AggregationPipeline<{ [K in F]: number }> {
    return this.#add({ $count: checkText(field, 'the field of count') })
  }

  /** Groups by value, most frequent first. */
  sortByCount(by: Expression): AggregationPipeline<{ _id: unknown; count: number }> {
    return this.#add({ $sortByCount: fieldExpression(by, 'the key of sortByCount') })
  }

  bucket<U = object>(stage: BucketStage): AggregationPipeline<U> {
    const { groupBy, ...rest } = assertOptions(stage, bucketParts, 'the stage of bucket')
    return this.#add({ $bucket: { groupBy: fieldExpression(groupBy, 'the key of bucket'), ...rest } })
  }

  /** A number of buckets of about the same size. */
  bucketAuto<U = object>(stage: {
    readonly groupBy: Expression
    readonly buckets: number
    readonly output?: Accumulators
    readonly granularity?: string
  }): AggregationPipeline<U> {
    const { groupBy, ...rest } = assertOptions(stage, bucketAutoParts, 'the stage of bucketAuto')
    return this.#add({ $bucketAuto: { groupBy: fieldExpression(groupBy, 'the key of bucketAuto'), ...rest } })
  }

  /** The value of an expression takes the place of each document. */
  replaceRoot<U = object>(newRoot: Expression): AggregationPipeline<U> {
    return this.#add({ $replaceRoot: { newRoot: fieldExpression(newRoot, 'the new root') } })
  }

  sample(size: number): AggregationPipeline<T> {
    return this.#add({ $sample: { size: checkCount(size, 'the size of sample', 1) } })
  }

  /** Appends the documents of another collection. */
  unionWith<U = object>(collection: string, pipeline?: Stages): AggregationPipeline<U> {
    const coll = checkText(collection, 'the collection of unionWith')
    return this.#add({ $unionWith: pipeline === undefined ? coll : { coll, pipeline: stagesOf(pipeline) } })
  }

  /** Any other stage, as the query language writes it. */
  stage<U = object>(stage: PipelineStage): AggregationPipeline<U> {
    return this.#add({ ...checkStage(stage) })
  }

  /** The stages as plain data, the caller's own. */
  build(): PipelineStage[] {
    return [...this.#stages]
  }

  #add<U>(stage: PipelineStage): AggregationPipeline<U> {
    const next = new AggregationPipeline<U>()
    next.#stages = [...this.#stages, stage]
    return next
  }
}

/** Text names a field, with or without its dollar; everything else is an expression already. */
function fieldExpression(by: unknown, what: string): unknown {
  return typeof by === 'string' && !by.startsWith('$') ? `$${by}` : checkExpression(by, what)
}

function checkStage(stage: PipelineStage): PipelineStage {
  const operators = Object.keys(assertPlainObject(stage, 'a stage'))
  if (operators.length === 1 && operators[0]?.startsWith('$') === true) return stage
  throw new UsageError('a stage must be an object of exactly one $ operator')
}

function stagesOf(stages: Stages): readonly PipelineStage[] {
  const isBuilder = typeof stages === 'object' && stages !== null && 'build' in stages && !Array.isArray(stages)
  const given: unknown = isBuilder && typeof stages.build === 'function' ? stages.build() : stages
  if (Array.isArray(given)) return given.map((stage: PipelineStage) => checkStage(stage))
  throw new UsageError(`a pipeline must be an array of stages or an AggregationPipeline, not ${kindOf(given)}`)
}
