import type { Collection } from '../../../nosql/collection/collection.ts'
import type { Budget } from '../../../nosql/contract/explanation.ts'
import type { MongoDbQuery } from '../../../nosql/contract/vendor-query.ts'
import type { PipelineBudget } from '../../../nosql/query/expression-engine.ts'
import type { Document } from '../../../nosql/query/value.ts'
import type { CaseContext } from '../conformance-case.ts'

/** What a method is called with beside its options. */
export interface Given {
  readonly filter: Document
  readonly update: Document
  readonly documents: readonly Document[] | undefined
  readonly stages: readonly Document[]
}

/** One method with one of its options. */
export interface At extends Pick<CaseContext, 'store' | 'items' | 'open'> {
  /** The method and the option, for messages. */
  readonly what: string
  /** Calls the method. */
  call(options: object, given?: Partial<Given>, items?: Collection): Promise<unknown>
  /** Puts the documents back as they were. */
  reset(): Promise<void>
  /** Puts the documents back as they were, calls the method, and says what it returned and what it left. */
  outcome(
    options: object,
    given?: Partial<Given>,
  ): Promise<{ readonly result: unknown; readonly documents: Document[] }>
  /** The documents as they are. */
  documents(): Promise<Document[]>
}

/** Shows that an option is obeyed, or that it is refused. */
export type Cell = (at: At) => Promise<void>

/** The options that hold limits or other options, which have a cell each. */
interface Nested {
  readonly budget: Budget
  readonly pipelineBudget: PipelineBudget
  readonly mongodb: MongoDbQuery
}

/** A cell for every option: one that is added to a method does not compile without. */
export type Cells<Options> = {
  readonly [Name in keyof Options]-?: Name extends keyof Nested
    ? { readonly [Member in keyof Nested[Name]]-?: Cell }
    : Cell
}

/** One method with all its options. */
export interface Row<Options = object> {
  run(items: Collection, options: Options, given: Given): Promise<unknown>
  /** The code of the error for an option that it does not have. @default LEX_ERR_USE_001 */
  readonly refusal?: string
  readonly cells: Cells<Options>
}

/** A method that reads or writes documents, or their indexes. */
export type Method = Exclude<keyof Collection, 'name' | 'confined'>

/** Which argument of a method holds its options. */
interface Places extends Record<Method, number> {
  insertOne: 1
  insertMany: 1
  find: 1
  findOne: 1
  findPage: 1
  updateOne: 2
  updateMany: 2
  replaceOne: 2
  deleteOne: 1
  deleteMany: 1
  findOneAndUpdate: 2
  findOneAndReplace: 2
  findOneAndDelete: 1
  bulkWrite: 1
  countDocuments: 1
  estimatedDocumentCount: 0
  distinct: 2
  aggregate: 1
  createIndex: 1
  createIndexes: 1
  dropIndex: 1
  dropIndexes: 0
  listIndexes: 0
  watch: 0
  explain: 1
  rename: 1
  drop: 0
}

export type OptionsOf<M extends Method> = NonNullable<Parameters<Collection[M]>[Places[M]]>
