import type { BeginOptions, CallOptions, DriverSession, DriverTransaction } from '../contract/driver.ts'
import { DatabaseUnavailableError } from '../errors.ts'
import { toSqlError } from '../session/calls/sql-state.ts'
import { closeAll } from './open-all.ts'
import type { OpenDatabase, ReplicaSet } from './replica-set.ts'

/** A driver's session, and the name of what it asks. */
export interface NamedSession {
  readonly driver: DriverSession
  /** @param signal that of a call */
  readonly database: (signal: AbortSignal) => string
}

/**
 * A driver's session for calls that only read. It stays with one replica, so that it never sees older data than it has
 * seen. A replica that cannot be reached is left: for another one while the session has had no answer yet, and afterwards
 * for the database itself, which is ahead of all replicas. A transaction that has begun stays where it is.
 */
export function replicaSession(replicas: ReplicaSet): NamedSession {
  const opened = new Map<OpenDatabase, DriverSession>()
  const tried = new Set<OpenDatabase>()
  let current = replicas.choose(tried)
  let hasAnswer = false
  /** What was asked last, by the signal of the call. */
  const places = new WeakMap<AbortSignal, OpenDatabase>()

  const sessionOf = (database: OpenDatabase): DriverSession => {
    const session = opened.get(database) ?? database.connection.session()
    opened.set(database, session)
    return session
  }
  const settled = (database: OpenDatabase): void => {
    hasAnswer = true
    if (database !== replicas.source) replicas.answered(database)
  }
  /** Whether something else is to be asked from here on. */
  const leave = (database: OpenDatabase, error: unknown): boolean => {
    if (database === replicas.source || !isAway(error)) return false
    replicas.failed(database, error)
    tried.add(database)
    // Another call may have left it already.
    if (current === database) current = hasAnswer ? replicas.source : replicas.choose(tried)
    return true
  }
  const ask = async <T>({ signal }: CallOptions, work: (session: DriverSession) => Promise<T>): Promise<T> => {
    for (;;) {
      const database = current
      places.set(signal, database)
      try {
        const answer = await work(sessionOf(database))
        settled(database)
        return answer
      } catch (error) {
        if (signal.aborted || !leave(database, error)) throw error
      }
    }
  }
  /** A replica does not know the order that transactions must have, so PostgreSQL refuses to be serializable there. */
  const follow = ({ isolation }: BeginOptions['transaction']): void => {
    if (isolation === 'serializable') current = replicas.source
  }
  const begin = async (options: BeginOptions): Promise<DriverTransaction> => {
    follow(options.transaction)
    const begun = await ask(options, async (session) => {
      const database = current
      // The session has transactions where its driver has them.
      return { database, transaction: await session.begin!({ ...options, verify: true }) }
    })
    const { database, transaction } = begun
    const here = <T>(call: CallOptions, work: () => Promise<T>): Promise<T> => {
      places.set(call.signal, database)
      return work().catch((error: unknown) => {
        if (!call.signal.aborted) leave(database, error)
        throw error
      })
    }
    return {
      execute: (statement, call) => here(call, () => transaction.execute(statement, call)),
      commit: (call) => here(call, () => transaction.commit(call)),
      rollback: (call) => here(call, () => transaction.rollback(call)),
    }
  }
  const hasTransactions = sessionOf(current).begin !== undefined
  return {
    database: (signal) => (places.get(signal) ?? current).name,
    driver: {
      // All of them have the same driver.
      pipelines: sessionOf(current).pipelines === true,
      execute: (statement, call) => ask(call, (session) => session.execute(statement, call)),
      batch(statements, call) {
        follow(call.transaction)
        return ask(call, (session) => session.batch(statements, call))
      },
      ...(hasTransactions && { begin }),
      close: () => closeAll([...opened.values()]),
    },
  }
}

/** Whether it cannot be asked at all; a call that only reads may be repeated elsewhere then, also when it was sent. */
function isAway(error: unknown): boolean {
  return toSqlError(error) instanceof DatabaseUnavailableError
}
