import { token, type Token } from '../container/token.ts'
import type { DatabaseProvider as Provider } from './database.ts'
import type { DbSession as Session, TransactionalDbSession as TransactionalSession } from './session.ts'

/** The application's database. Injected by what outlives a request; it opens its own sessions. */
export type DatabaseProvider = Provider
export const DatabaseProvider: Token<DatabaseProvider> = token<DatabaseProvider>('DatabaseProvider')

/** The request's session: one per scope. */
export type DbSession = Session
export const DbSession: Token<DbSession> = token<DbSession>('DbSession')

/** The request's session, where interactive transactions are needed. The same instance as `DbSession`. */
export type TransactionalDbSession = TransactionalSession
export const TransactionalDbSession: Token<TransactionalDbSession> =
  token<TransactionalDbSession>('TransactionalDbSession')
