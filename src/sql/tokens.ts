import { token, type Token } from '../core/token.ts'
import type { DatabaseProvider as Provider } from './database.ts'
import type { Schema } from './drizzle/version.ts'
import type { DbSession as Session, TransactionalDbSession as TransactionalSession } from './session/session.ts'

type NoSchema = Record<string, never>

/** The application's database, for services that outlive a request: they open sessions themselves. */
export type DatabaseProvider<TSchema extends Schema = NoSchema> = Provider<TSchema>
/**
 * The token of the application's database, which `sqlProvider` registers as a singleton. `named(DatabaseProvider, name)` is
 * that of one of several.
 */
export const DatabaseProvider: Token<DatabaseProvider> = token<DatabaseProvider>('DatabaseProvider')

/** The request's session: one per scope. */
export type DbSession<TSchema extends Schema = NoSchema> = Session<TSchema>
/** The token of the request's session, which `sqlProvider` registers as scoped; `named(DbSession, name)` for one of several. */
export const DbSession: Token<DbSession> = token<DbSession>('DbSession')

/** The request's session, where interactive transactions are needed. The same instance as `DbSession`. */
export type TransactionalDbSession<TSchema extends Schema = NoSchema> = TransactionalSession<TSchema>
/** The token of the request's session with interactive transactions, where the driver has them. */
export const TransactionalDbSession: Token<TransactionalDbSession> =
  token<TransactionalDbSession>('TransactionalDbSession')

/** A session of the request's scope that only reads, on a replica where there are any. */
export type ReadOnlyDbSession<TSchema extends Schema = NoSchema> = TransactionalSession<TSchema>
/**
 * The token of a session that only reads: the database refuses writes through it. It asks a replica if there is one, so that
 * the last writes of the request may not be visible yet. Registered if the driver has interactive transactions.
 */
export const ReadOnlyDbSession: Token<ReadOnlyDbSession> = token<ReadOnlyDbSession>('ReadOnlyDbSession')

/** The tokens, knowing the schema that `sqlProvider` was given. */
export interface SqlTokens<TSchema extends Schema> {
  readonly DatabaseProvider: Token<DatabaseProvider<TSchema>>
  readonly DbSession: Token<DbSession<TSchema>>
  readonly TransactionalDbSession: Token<TransactionalDbSession<TSchema>>
  readonly ReadOnlyDbSession: Token<ReadOnlyDbSession<TSchema>>
}

/**
 * The same tokens, typed with the application's schema, so that `session.db.query` knows its tables.
 *
 * @example
 * import { withSchema } from 'lexigram-edge/sql'
 * import * as schema from './schema.ts'
 *
 * export const { DbSession, TransactionalDbSession } = withSchema<typeof schema>()
 */
export function withSchema<TSchema extends Schema>(): SqlTokens<TSchema> {
  // The provider receives the schema once. The caller asserts that it is this one.
  return { DatabaseProvider, DbSession, TransactionalDbSession, ReadOnlyDbSession } as unknown as SqlTokens<TSchema>
}
