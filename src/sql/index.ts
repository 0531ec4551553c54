/**
 * SQL: sessions, batches, units of work, transactions, repositories and migrations over Drizzle, on any driver.
 *
 * @module
 */

export { DatabaseConfig } from './config.ts'
export { openDatabase, type DatabaseHealth, type DatabaseOptions, type SessionOptions } from './database.ts'
export { Databases } from './databases.ts'
export type {
  BeginOptions,
  CallOptions,
  DatabaseDriver,
  DriverConnection,
  DriverSession,
  DriverSettings,
  DriverTransaction,
  ResultColumn,
  RowSet,
  SqlText,
  Statement,
  TransactionOptions,
} from './contract/driver.ts'
export type { Db, SqlResultHKT } from './drizzle/db.ts'
export {
  AnswerTooLargeError,
  CheckError,
  CommitUnknownError,
  DatabaseUnavailableError,
  DataError,
  DeadlockError,
  ForeignKeyError,
  LockedError,
  MigrationError,
  NotNullError,
  PoolTimeoutError,
  QueryError,
  SerializationError,
  TransactionError,
} from './errors.ts'
export { inTransaction, type InTransactionOptions } from './in-transaction.ts'
export { formatStatementLog, type SqlLogger, type StatementLog } from './session/statements/statement-log.ts'
export { sqlProvider, type SqlProviderOptions } from './provider.ts'
export { createSessionFactory, type SessionFactoryOptions } from './wiring/register-databases.ts'
export { PreparedStatement } from './drizzle/prepared-statement.ts'
export type { SqlRows } from './text-format/rows.ts'
export type { BatchItem, BatchResults } from './session/session.ts'
export type { SessionTransactionOptions } from './session/calls/retry.ts'
export type { SessionStats } from './session/session-stats.ts'
export type { Settings } from './session/settings.ts'
export { toSqlError } from './session/calls/sql-state.ts'
export {
  DatabaseProvider,
  DbSession,
  ReadOnlyDbSession,
  TransactionalDbSession,
  withSchema,
  type SqlTokens,
} from './tokens.ts'
export type { AddOptions, TrackedChanges, TrackedWrite, UnitOfWork } from './session/units/unit-of-work.ts'
export { drizzleKitMigrations, type DrizzleKitFiles } from './migration/drizzle-kit.ts'
export type { ApplyOptions, MigrationProgress } from './migration/apply.ts'
export type { MigrationScript, SqlMigration } from './migration/migration.ts'
export { createMigrator, type MigrationStatus, type Migrator, type MigratorOptions } from './migration/migrator.ts'
export type { SqlListOptions, SqlPageOptions, SqlStreamOptions } from './repository/select.ts'
export { SqlRepository } from './repository/repository.ts'
export type { SqlMapping, SqlRow, UpsertOptions, RepositorySession } from './repository/repository-types.ts'
export type { SqlIdentity, SqlRepositoryOptions, SqlTimestamps } from './repository/options.ts'
export type { SqlKey, SqlKeyPart } from './repository/row-key.ts'
export type { CursorSealer } from '../core/cursor/cursor-sealer.ts'
export type { Casing, Schema } from './drizzle/version.ts'
