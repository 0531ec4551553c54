import type { Document } from '../../query/value.ts'
import type { Result, Scope } from '../expression/scope.ts'
import type { SortOrder } from '../sort-order.ts'
import type { Run, StageContext } from '../stage.ts'

/** Documents that belong together, in their order. */
export interface Partition {
  readonly documents: readonly Document[]
  readonly run: Run
  readonly scope: Scope
}

/** Computes a value per document of a partition. */
export type WindowFunction = (partition: Partition) => readonly Result[]

/** What a window function's parser may use. */
export interface WindowContext {
  readonly stage: StageContext
  readonly sortBy: SortOrder | undefined
  /** The `window` beside the function. */
  readonly window: unknown
}

export type ParseWindowFunction = (argument: unknown, context: WindowContext, name: string) => WindowFunction
