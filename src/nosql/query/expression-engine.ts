/** How filters, updates, projections and collections reach the aggregation engine, which is an entry of its own. */

import type { Document, Value } from './value.ts'

/** Variables an expression may read as `$$name`, without the dollars: `NOW`, or a caller's `let`. */
export type Variables = Readonly<Record<string, Value>>

/** An expression, compiled. The result is undefined where MongoDB says "missing". */
export type CompiledExpression = (document: Document, variables?: Variables) => Value | undefined

export interface ExpressionOptions {
  /** Names of the caller's variables that the expression may use. `ROOT`, `CURRENT`, `REMOVE` and `NOW` always exist. */
  readonly variables?: readonly string[]
  /** Where the expression stands, for errors. */
  readonly path?: string
}

/** What a pipeline may spend. Running over a limit ends in BudgetExceededError, never in a short answer. */
export interface PipelineBudget {
  readonly maxDocuments?: number
  readonly maxBytes?: number
}

/** Other collections, for `$lookup`, `$graphLookup` and `$unionWith`. */
export interface PipelineSource {
  documents(collection: string): AsyncIterable<Document>
}

/** Where `$out` and `$merge` write. */
export interface PipelineTarget {
  replace(collection: string, documents: readonly Document[]): Promise<void>
}

export interface PipelineOptions {
  readonly budget?: PipelineBudget
  readonly source?: PipelineSource
  readonly target?: PipelineTarget
  readonly variables?: Variables
  /** The clock behind `$$NOW`, read once per run. */
  readonly now?: () => Date
  /** A random number in [0, 1), for `$sample` and `$rand`. */
  readonly random?: () => number
}

/** A parsed pipeline: every malformed stage has been refused by now. */
export interface PipelinePlan {
  run(documents: AsyncIterable<Document> | Iterable<Document>): AsyncIterable<Document>
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
  pipeline(stages: readonly unknown[], options: PipelineOptions): PipelinePlan
}
