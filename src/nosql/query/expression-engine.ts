/** How filters, updates, projections and collections reach the aggregation engine, which is a separate entry. */

import type { Meter } from './meter.ts'
import type { Document, Value } from './value.ts'

/** Variables an expression may read as `$$name`, without the dollars: `NOW`, or a caller's `let`. */
export type Variables = Readonly<Record<string, Value>>

/** An expression, compiled. The result is undefined where MongoDB says "missing". */
export type CompiledExpression = (document: Document, variables?: Variables) => Value | undefined

export interface ExpressionOptions {
  /** Names of the caller's variables that the expression may use. `ROOT`, `CURRENT`, `REMOVE` and `NOW` always exist. */
  readonly variables?: readonly string[]
  /** The place of the expression, for errors. */
  readonly path?: string
  /** Pays for compiling and evaluating. @default every evaluation has the default budget */
  readonly meter?: Meter | undefined
  /** Refuses what looks at a document: for the values of a `let`. @default false */
  readonly constant?: boolean | undefined
}

/**
 * What one run of a pipeline may spend in this process. Running over a limit ends in BudgetExceededError, never in a short
 * answer. Where the server runs pipelines, it is refused with UnsupportedOperationError.
 */
export interface PipelineBudget {
  /** Documents that stages may make out of others (`$unwind`, `$lookup`, `$densify` …). @default 10_000_000 */
  readonly maxDocuments?: number | undefined
  /** Approximate bytes that stages may hold (`$sort`, `$group`, `$facet` …). @default 100 MiB, as in MongoDB */
  readonly maxBytes?: number
  /** Steps of work, some ten nanoseconds each. @default 50_000_000 */
  readonly maxSteps?: number
}

/** Documents move through a pipeline in batches of any size, so that a stage awaits once per batch. */
export type DocumentBatches = AsyncIterable<readonly Document[]>

/** Other collections of the store, for `$lookup`, `$graphLookup`, `$unionWith` and `$merge`. */
export interface PipelineSource {
  /** The documents belong to the store still, so that holding them costs no more than a reference. @default false */
  readonly shares?: boolean
  /** The documents that match the filter, in batches; none where there is no such collection. */
  read(collection: string, filter: Document): DocumentBatches
}

/** Where `$out` and `$merge` write. */
export interface PipelineTarget {
  /** The name of the database, where the store knows it: another one cannot be written to. */
  readonly database?: string | undefined
  /** Makes the collection hold exactly these documents. A failure leaves it as it was. */
  replaceAll(collection: string, documents: readonly Document[]): Promise<void>
  /** @throws DuplicateKeyError */
  insert(collection: string, document: Document): Promise<void>
  /** Replaces the document with the same `_id`. */
  replace(collection: string, document: Document): Promise<void>
  /**
   * Whether a unique index that is not partial has exactly these paths, in any order; `_id` always has one. One that is
   * sparse, if there is no other, says nothing about documents that lack them all.
   */
  isUnique(collection: string, paths: readonly string[]): Promise<boolean | 'sparse'>
}

export interface PipelineOptions {
  readonly budget?: PipelineBudget | undefined
  /** Pays for everything, in place of a meter made of {@link budget}. */
  readonly meter?: Meter | undefined
  /** Without it, stages that read other collections fail with UnsupportedOperationError. */
  readonly source?: PipelineSource | undefined
  /** Without it, `$out` and `$merge` fail with UnsupportedOperationError. */
  readonly target?: PipelineTarget | undefined
  /** The collection that is read, for `$out` and `$merge` into itself; absent for a pipeline that starts with `$documents`. */
  readonly collection?: string | undefined
  /** The caller's `let`. */
  readonly variables?: Variables | undefined
  /** The clock of `$$NOW`, read once. */
  readonly now?: (() => Date) | undefined
  /** A random number in [0, 1), for `$sample` and `$rand`. */
  readonly random?: (() => number) | undefined
}

/** A parsed pipeline: every malformed stage has been refused by now. */
export interface PipelinePlan {
  /**
   * The leading `$match`, as one filter over the documents read, so that a backend can plan it. The pipeline still applies
   * it.
   */
  readonly leadingFilter: Document | undefined
  /** Documents given may be shared with the store: they are never changed, and parts of them are handed on. */
  run(documents: DocumentBatches, options?: PipelineRunOptions): DocumentBatches
}

export interface PipelineRunOptions {
  /** The documents belong to the store still, so that holding them costs no more than a reference. @default false */
  readonly shares?: boolean
}

/** A short pipeline of `$set $unset $project $replaceWith` and their synonyms, run on one document. */
export type DocumentTransform = (document: Document, variables?: Variables) => Document

/**
 * The optional aggregation engine.
 *
 * @example
 * import { aggregation } from 'lexigram-edge/nosql/aggregation'
 *
 * const engine = aggregation()
 */
export interface ExpressionEngine {
  /** Compiles an expression. @throws NoSQLFilterError for what MongoDB refuses while parsing */
  expression(expression: unknown, options?: ExpressionOptions): CompiledExpression
  /** Compiles the pipeline of an update. @throws NoSQLFilterError, also for stages that an update may not have */
  transform(stages: readonly unknown[], options?: ExpressionOptions): DocumentTransform
  /** Compiles a pipeline. @throws NoSQLFilterError for what MongoDB refuses while parsing */
  pipeline(stages: unknown, options: PipelineOptions): PipelinePlan
}
