/**
 * Documents with one contract: store, collections, repositories, queries, pipelines, migrations and the provider.
 *
 * @module
 */

export { BulkWriteError, type BulkOperationError } from './bulk-write-error.ts'
export type { Capabilities, Exactness, FilterCapabilities, Limits } from './contract/capabilities.ts'
export type { AggregateOptions } from './collection/reading/aggregate.ts'
export type { BulkWriteOptions } from './collection/writing/bulk-write.ts'
export type { BulkOperation } from './collection/writing/bulk-operations.ts'
export { Collection } from './collection/collection.ts'
export type { CountOptions } from './collection/reading/count.ts'
export type { CreateIndexesOptions, CreateIndexOptions } from './collection/indexes.ts'
export type { FindPageOptions } from './collection/reading/find-page.ts'
export type { InsertManyOptions } from './collection/writing/insert.ts'
export type {
  EstimateOptions,
  ExplainOptions,
  FindOptions,
  InsertOptions,
  OperationOptions,
  QueryOptions,
} from './collection/checks/operation-options.ts'
export type { Condition as FieldCondition, Filter, LooseObject } from './collection/types/filter.ts'
export type { Projected, Projection } from './collection/types/projection.ts'
export type { Sort, SortDirection } from './collection/types/sort.ts'
export type { Update } from './collection/types/update.ts'
export type {
  BulkWriteResult,
  DeleteResult,
  FindAndModifyResult,
  InsertManyResult,
  InsertOneResult,
  UpdateResult,
} from './collection/results.ts'
export type {
  FindOneAndDeleteOptions,
  FindOneAndReplaceOptions,
  FindOneAndUpdateOptions,
  ReplaceOneOptions,
  UpdateManyOptions,
  UpdateOneOptions,
} from './collection/write-options.ts'
export { ChangeStream, type ChangeEvent, type ResumeToken } from './collection/change-stream.ts'
export type { ChangeStreamOptions } from './collection/watch.ts'
export type { DriverChange, DriverChanges, WatchRequest } from './contract/change.ts'
export { Cursor } from './collection/reading/cursor.ts'
export type { FindCursor } from './collection/reading/find.ts'
export type { RenameOptions } from './collection/collection-lifecycle.ts'
export type { IndexDescription } from './collection/indexes.ts'
export type { DistinctAt, Path } from './collection/types/path.ts'
export type { IdOf, OptionalId, Replacement } from './collection/types/stored.ts'
export {
  defineCollection,
  type CollectionDeclaration,
  type CollectionSpec,
  type FieldType,
} from './contract/define-collection.ts'
export type { DocumentId, WithId } from './collection/document-id.ts'
export { inDocumentTransaction, type InDocumentTransactionOptions } from './provider/in-document-transaction.ts'
export {
  createDocumentStore,
  DocumentStore,
  type DocumentTransaction,
  type StoreHealth,
} from './store/document-store.ts'
export type { MongoDbQuery, VendorQueryOptions } from './contract/vendor-query.ts'
export type { DriverContext, MaybePromise } from './contract/context.ts'
export { duplicateKey } from './contract/duplicate-key.ts'
export type {
  DocumentBackend,
  DocumentDriver,
  DriverRuntime,
  DocumentDriverSettings,
  DocumentDriverTransaction,
  OpenSettings,
} from './contract/driver.ts'
export type { AggregateRequest, DriverCollection, Expiry, IndexContext } from './contract/driver-collection.ts'
export type {
  DriverPage,
  DriverPages,
  DriverQuery,
  Needs,
  QuerySource,
  ReadPlan,
  StoredDocument,
} from './contract/query.ts'
export type {
  Insert,
  Modification,
  ModifyManyResult,
  ModifyResult,
  Write,
  WriteContext,
  WriteOutcome,
} from './contract/write.ts'
export {
  BudgetExceededError,
  DocumentValidationError,
  DuplicateKeyError,
  NoSQLConnectionError,
  NoSQLFilterError,
  DocumentTransactionError,
  UnknownOutcomeError,
  UnsupportedOperationError,
  WriteConflictError,
} from './errors.ts'
export type { Budget, Explanation, PlanWarning, ScanPolicy } from './contract/explanation.ts'
export type {
  IndexDirection,
  IndexKeys,
  IndexModel,
  IndexOptions,
  IndexProgress,
  IndexState,
  ListedIndex,
} from './contract/index-model.ts'
export type { FilterNode } from './query/filter-node.ts'
export type { UpdateOp, UpdateTree } from './query/update/parse-update.ts'
export type { SortKey } from './query/sort.ts'
export type { Document, Value } from './query/value.ts'
export type { DocumentStoreOptions } from './store/store-context.ts'
export type { DocumentSession } from './store/document-session.ts'
export type { DocumentTransactionOptions } from './store/transaction.ts'
export type { Clock, RandomBytes } from '../core/uuid-v7.ts'
export { AggregationOp, type Accumulator, type Expression } from './builder/accumulators.ts'
export { NoSqlConfig } from './config.ts'
export { DocumentStores } from './store/document-stores.ts'
export {
  fromUserInput,
  searchOperators,
  type ClientOperator,
  type FilterGuardOptions,
} from './client-filter/client-filter.ts'
export { CreateCollection, DropCollection } from './migration/collection-operations.ts'
export { DocumentMigrationError, MigrationLockedError } from './migration/errors.ts'
export { AddField, RemoveField, RenameField } from './migration/field-operations.ts'
export { CreateIndex, DropIndex } from './migration/index-operations.ts'
export type { Timing } from './migration/lease.ts'
export type { MigrationRecord } from './migration/ledger.ts'
export {
  MigrationManager,
  type MigrationManagerOptions,
  type DocumentMigrationStatus,
  type PlannedMigration,
} from './migration/manager.ts'
export type { MigrationContext, MigrationOperation } from './migration/operation.ts'
export { RunScript, type RunScriptOptions } from './migration/run-script.ts'
export type { MigrationEvent, MigrationOutcome } from './migration/run-step.ts'
export { AggregationPipeline, type PipelineStage, type SortOrder } from './builder/pipeline-builder.ts'
export { noSqlProvider, type NoSqlProviderOptions } from './provider.ts'
export { DocumentQueryBuilder, type DocumentQuery } from './builder/query-builder.ts'
export type { Condition } from './builder/condition.ts'
export { DocumentRepository } from './repository/repository.ts'
export type {
  EntityDocument,
  RepositoryAggregateOptions,
  RepositoryCondition,
  RepositoryFindOptions,
  RepositoryPageOptions,
  RepositoryStreamOptions,
  StoredAs,
} from './repository/types.ts'
export type { RepositoryOptions, TenantOptions } from './repository/options.ts'
export { toFilter } from './builder/specification-to-filter.ts'
export { and, not, or, isSpecification, toSpecification } from '../core/specification/combine.ts'
export {
  fieldContains,
  fieldEq,
  fieldExists,
  fieldGt,
  fieldGte,
  fieldIn,
  fieldLt,
  fieldLte,
  fieldNe,
  fieldStartsWith,
} from '../core/specification/field.ts'
export type {
  EqualityOperand,
  FieldPath,
  FieldValue,
  OrderOperand,
  TextOperand,
} from '../core/specification/field-path.ts'
export { isSatisfiedBy } from '../core/specification/satisfies.ts'
export type {
  OrderedValue,
  Specification,
  SpecificationNode,
  SpecificationValue,
} from '../core/specification/specification.ts'
