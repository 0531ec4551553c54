import type { Registrar } from '../../container/registrar.ts'
import { factory, type Factory } from '../../container/registration.ts'
import { assertOptions, must } from '../../core/assert-options.ts'
import { named, namesOf, type Token } from '../../core/token.ts'
import { RequestContext } from '../../runtime/invocation/request-context.ts'
import { notOpened, type RuntimeTraits } from '../../runtime/provider.ts'
import type { DatabaseDriver } from '../contract/driver.ts'
import { createDatabases, Databases } from '../databases.ts'
import { onlyDatabase } from '../session/calls/of-database.ts'
import {
  DatabaseProvider,
  DbSession,
  ReadOnlyDbSession,
  TransactionalDbSession,
  type TransactionalDbSession as Session,
} from '../tokens.ts'

/** What is registered for one database. */
export interface DatabaseToRegister {
  readonly name: string
  readonly driver: DatabaseDriver
  readonly open: () => Promise<DatabaseProvider>
}

const sessionTokens = [DbSession, TransactionalDbSession, ReadOnlyDbSession] as const

/** Registers databases, the primary first: it answers to the plain tokens too. */
export function registerDatabases(
  container: Registrar,
  databases: readonly DatabaseToRegister[],
  runtime: RuntimeTraits,
): void {
  databases.forEach((database, index) => {
    const isPrimary = index === 0
    registerDatabase(container, database, { runtime, isPrimary })
  })
  container.singleton(
    Databases,
    factory(databases.map(providerToken), (...opened) => createDatabases(opened)),
  )
}

/** What a configuration may name: whatever the program asks for. */
export function possibleDatabases(driver: DatabaseDriver): readonly DatabaseToRegister[] {
  const asked = [DatabaseProvider, ...sessionTokens].flatMap((token: Token<unknown>) => [...namesOf(token)])
  return [...new Set([onlyDatabase, ...asked])].map((name) => ({ name, driver, open: notOpened }))
}

/** That of a database, by its place in the list. */
export function providerToken({ name }: { readonly name: string }, index: number): Token<DatabaseProvider> {
  return index === 0 ? DatabaseProvider : named(DatabaseProvider, name)
}

function registerDatabase(
  container: Registrar,
  { name, driver, open }: DatabaseToRegister,
  { runtime, isPrimary }: { readonly runtime: RuntimeTraits; readonly isPrimary: boolean },
): void {
  const tokenOf = <T>(token: Token<T>): Token<T> => (isPrimary ? token : named(token, name))
  const database = tokenOf(DatabaseProvider)
  const perSession = driver.socketPerSession === true && !runtime.socketsOutliveRequests
  container.singleton(database, factory([], open, { io: perSession ? 'stateless' : driver.io }))
  if (driver.interactiveTransactions) {
    container.scoped(tokenOf(TransactionalDbSession), createSessionFactory({ database }))
    container.scoped(tokenOf(ReadOnlyDbSession), createSessionFactory({ database, readOnly: true }))
    container.alias(tokenOf(DbSession), tokenOf(TransactionalDbSession))
  } else {
    container.scoped(tokenOf(DbSession), createSessionFactory({ database }))
  }
  if (!isPrimary) return
  container.alias(named(DatabaseProvider, name), DatabaseProvider)
  for (const token of driver.interactiveTransactions ? sessionTokens : [DbSession]) {
    container.alias(named(token, name), token)
  }
}

/** Options of `createSessionFactory`. */
export interface SessionFactoryOptions {
  /** Whose session it is. @default DatabaseProvider, the primary one */
  readonly database?: Token<DatabaseProvider>
  /** As the option of `DatabaseProvider.session`. @default false */
  readonly readOnly?: boolean
}

/** How a scope gets its session; its signal is the request's. For your own registrations. */
export function createSessionFactory(options: SessionFactoryOptions = {}): Factory<Session> {
  const { database: token = DatabaseProvider, readOnly = false } = assertOptions(
    options,
    { database: must.beAnything, readOnly: must.beBoolean },
    'the options of createSessionFactory',
  )
  return factory(
    [token, RequestContext],
    // A function, because making the signal costs a timer, which a request without a statement never needs.
    (database, context) => database.session({ signal: () => context.signal, span: context.span, readOnly }),
    { root: 'own-scope' },
  )
}
