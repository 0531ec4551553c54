export { BulkWriteError, type BulkOperationError } from './bulk-write-error.ts'
export type { Capabilities, Exactness } from './capabilities.ts'
export type { AggregateOptions } from './collection/aggregate.ts'
export type { BulkOperation, BulkWriteOptions } from './collection/bulk-write.ts'
export { Collection } from './collection/collection.ts'
export type { CountOptions } from './collection/count.ts'
export type { FindPageOptions, Page } from './collection/find-page.ts'
export type { InsertManyOptions } from './collection/insert.ts'
export type { FindOptions, OperationOptions, Sort } from './collection/operation-options.ts'
export type { Filter } from './collection/question.ts'
export type {
  BulkWriteResult,
  DeleteResult,
  InsertManyResult,
  InsertOneResult,
  UpdateResult,
} from './collection/results.ts'
export type {
  FindOneAndDeleteOptions,
  FindOneAndReplaceOptions,
  FindOneAndUpdateOptions,
  ReplaceOneOptions,
  Update,
  UpdateManyOptions,
  UpdateOneOptions,
} from './collection/write-options.ts'
export { Cursor } from './cursor.ts'
export {
  defineCollection,
  type CollectionDeclaration,
  type CollectionSpec,
  type FieldType,
} from './define-collection.ts'
export type { DocumentId, WithId } from './document-id.ts'
export { createDocumentStore, DocumentStore, type DocumentTransaction, type StoreHealth } from './document-store.ts'
export type {
  DocumentBackend,
  DocumentDriver,
  DriverCollection,
  DriverContext,
  DriverQuery,
  DriverTransaction,
  ModifyCommand,
  ModifyResult,
  OpenSettings,
  ReadPlan,
  StoredDocument,
  Write,
  WriteContext,
  WriteOutcome,
} from './driver.ts'
export {
  BudgetExceededError,
  DocumentNotFoundError,
  DocumentValidationError,
  DuplicateKeyError,
  NoSQLConnectionError,
  NoSQLFilterError,
  TransactionError,
  UnsupportedOperationError,
  WriteConflictError,
} from './errors.ts'
export type { Budget, Explanation, PlanWarning, WorkPolicy } from './explain.ts'
export type { IndexDirection, IndexKeys, IndexModel, IndexOptions } from './index-model.ts'
export type { FilterNode } from './query/filter-node.ts'
export type { SortKey } from './query/sort.ts'
export type { Document, Value } from './query/value.ts'
export type { DocumentStoreOptions } from './store/store-context.ts'
export type { TransactionOptions } from './store/transaction.ts'
export type { Clock, RandomBytes } from './uuid-v7.ts'
