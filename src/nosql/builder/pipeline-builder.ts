import { assertPlainObject } from '../collection/checks/plain-object.ts'
import { UsageError } from '../../core/errors.ts'
import type { FieldPath, FieldValue } from '../../core/specification/field-path.ts'
import type { Accumulator, Expression } from './accumulators.ts'
import { conditionFilter, type Condition } from './condition.ts'

/** One stage as plain data: an object of exactly one `$` operator. */
export type PipelineStage = Readonly<Record<`$${string}`, unknown>>

/** A sort as pairs, `[['total', -1]]`, or as an object, `{ total: -1 }`; in order of importance. */
export type SortOrder<F extends string = string> =
  | readonly (readonly [field: F, direction: 1 | -1])[]
  | { readonly [field in F]?: 1 | -1 }

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

/**
 * Builds an aggregation pipeline step by step; every step gives a new pipeline. The type parameter follows the shape of
 * the documents where a stage tells it (`group`, `count`, `sortByCount`).
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
    return this.#add({ $match: filters.length === 1 ? filters[0] : { $and: filters } })
  }

  /**
   * One document per key. The key is a field's name (`'dept'` stands for `'$dept'`), an expression or null for all; or
   * the whole stage is given at once, with its `_id`.
   */
  group<const By, const A extends Accumulators>(
    by: By,
    accumulators: A,
  ): AggregationPipeline<Grouped<GroupKey<T, By>, A>>
  group<const A extends { readonly _id: Expression }>(stage: A): AggregationPipeline<Grouped<unknown, A>>
  group(by: unknown, accumulators?: Accumulators): AggregationPipeline<Grouped<unknown, Accumulators>> {
    if (accumulators !== undefined) return this.#add({ $group: { _id: fieldExpression(by), ...accumulators } })
    if (typeof by === 'object' && by !== null && '_id' in by) return this.#add({ $group: { ...by } })
    throw new UsageError('group needs a key', { hint: "Write group('field', { … }) or group({ _id: …, … })." })
  }

  sort(order: SortOrder<FieldPath<T>>): AggregationPipeline<T> {
    const pairs: readonly unknown[] = Array.isArray(order)
      ? order
      : Object.entries(assertPlainObject(order, 'an order'))
    if (!pairs.every(isPair)) throw new UsageError('sort takes pairs of a path and a direction')
    return this.#add({ $sort: Object.fromEntries(pairs) })
  }

  /** Shape of the documents from here on: 1 and 0 keep and drop a field, anything else is an expression. */
  project<U = object>(fields: Readonly<Record<string, Expression>>): AggregationPipeline<U> {
    return this.#add({ $project: { ...fields } })
  }

  addFields<U = object>(fields: Readonly<Record<string, Expression>>): AggregationPipeline<U> {
    return this.#add({ $addFields: { ...fields } })
  }

  unset<U = object>(...fields: readonly FieldPath<T>[]): AggregationPipeline<U> {
    return this.#add({ $unset: [...fields] })
  }

  /** One document per element of an array; `preserveNullAndEmptyArrays` also keeps documents without any. */
  unwind<U = object>(
    path: FieldPath<T>,
    options: { readonly preserveNullAndEmptyArrays?: boolean; readonly includeArrayIndex?: string } = {},
  ): AggregationPipeline<U> {
    const full = fieldExpression(path)
    return this.#add({
      $unwind: Object.keys(assertPlainObject(options, 'options')).length === 0 ? full : { path: full, ...options },
    })
  }

  /** Joins documents of another collection, as an array. */
  lookup<U = object>(stage: LookupStage): AggregationPipeline<U> {
    const { pipeline, ...rest } = assertPlainObject(stage, 'a stage')
    return this.#add({ $lookup: pipeline === undefined ? rest : { ...rest, pipeline: stagesOf(pipeline) } })
  }

  /** Several pipelines over the same documents, each yielding an array in its field. */
  facet<U = object>(facets: Readonly<Record<string, Stages>>): AggregationPipeline<U> {
    return this.#add({
      $facet: Object.fromEntries(Object.entries(assertPlainObject(facets, 'facets')).map(([k, v]) => [k, stagesOf(v)])),
    })
  }

  limit(count: number): AggregationPipeline<T> {
    return this.#add({ $limit: count })
  }

  skip(count: number): AggregationPipeline<T> {
    return this.#add({ $skip: count })
  }

  /** One document with the number of documents; none when there are none. */
  count<const F extends string = 'count'>(field = 'count' as F): AggregationPipeline<{ [K in F]: number }> {
    return this.#add({ $count: field })
  }

  /** Groups by value, most frequent first. */
  sortByCount(by: Expression): AggregationPipeline<{ _id: unknown; count: number }> {
    return this.#add({ $sortByCount: fieldExpression(by) })
  }

  bucket<U = object>(stage: BucketStage): AggregationPipeline<U> {
    return this.#add({ $bucket: { ...stage, groupBy: fieldExpression(assertPlainObject(stage, 'a stage').groupBy) } })
  }

  /** So many buckets of about the same size. */
  bucketAuto<U = object>(stage: {
    readonly groupBy: Expression
    readonly buckets: number
    readonly output?: Accumulators
    readonly granularity?: string
  }): AggregationPipeline<U> {
    return this.#add({
      $bucketAuto: { ...stage, groupBy: fieldExpression(assertPlainObject(stage, 'a stage').groupBy) },
    })
  }

  /** The value of an expression takes the place of each document. */
  replaceRoot<U = object>(newRoot: Expression): AggregationPipeline<U> {
    return this.#add({ $replaceRoot: { newRoot: fieldExpression(newRoot) } })
  }

  sample(size: number): AggregationPipeline<T> {
    return this.#add({ $sample: { size } })
  }

  /** Adds the documents of another collection behind these. */
  unionWith<U = object>(collection: string, pipeline?: Stages): AggregationPipeline<U> {
    return this.#add({
      $unionWith: pipeline === undefined ? collection : { coll: collection, pipeline: stagesOf(pipeline) },
    })
  }

  /** Any other stage, as the query language writes it. */
  stage<U = object>(stage: PipelineStage): AggregationPipeline<U> {
    const operators = Object.keys(assertPlainObject(stage, 'a stage'))
    if (operators.length !== 1 || operators[0]?.startsWith('$') !== true)
      throw new UsageError('a stage is an object of exactly one $ operator')
    return this.#add({ ...stage })
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
function fieldExpression(by: unknown): unknown {
  return typeof by === 'string' && !by.startsWith('$') ? `$${by}` : by
}

function isPair(pair: unknown): pair is readonly [PropertyKey, unknown] {
  return Array.isArray(pair) && typeof pair[0] === 'string'
}

function stagesOf(stages: Stages): readonly PipelineStage[] {
  if (typeof stages !== 'object' || stages === null) throw new UsageError('a pipeline is an array, or has build()')
  return 'build' in stages ? stages.build() : stages
}
