import { PGlite } from '@electric-sql/pglite'
import type {
  DatabaseDriver,
  DriverConnection,
  DriverSession,
  DriverTransaction,
  RowSet,
} from '../../contract/driver.ts'
import { endedError } from '../../session/connection-runner.ts'
import { ConnectionLimit } from '../../session/connection-limit.ts'
import { createTextQuery, type TextQuery } from './text-query.ts'
import { applyModes, beginTransaction } from './transaction.ts'

export interface PGliteOptions {
  /** A running database to use; the caller keeps and closes it. Without it the URL says which one is opened. */
  readonly instance?: PGlite
}

/**
 * Postgres embedded in the process, for Node: tests and local development. `pglite:memory` lives in memory,
 * `pglite:./data` in a folder. It has one connection, so statements wait for each other, at most `poolTimeout`.
 *
 * @example
 * import { pglite } from 'lexigram-edge/sql/pglite'
 *
 * const app = createApp({ sql: [pglite()] }) // DATABASE_URL=pglite:memory
 */
export function pglite(options: PGliteOptions = {}): DatabaseDriver {
  return {
    name: 'pglite',
    io: 'none',
    interactiveTransactions: true,
    accepts: (url) => url.protocol === 'pglite:',
    async open({ url, poolTimeoutMs }): Promise<DriverConnection> {
      const db = options.instance ?? (await PGlite.create(dataDir(url)))
      await db.waitReady
      const parts = { db, query: createTextQuery(db), slots: new ConnectionLimit(1, poolTimeoutMs) }
      return {
        session: () => openSession(parts),
        close: () => (options.instance === undefined ? db.close() : Promise.resolve()),
      }
    },
  }
}

function dataDir(url: string): string {
  const path = url.replace(/^pglite:(\/\/)?/, '')
  return path === '' || path === 'memory' ? 'memory://' : path
}

interface Parts {
  readonly db: PGlite
  readonly query: TextQuery
  readonly slots: ConnectionLimit
}

function openSession({ db, query, slots }: Parts): DriverSession {
  const open = new Set<DriverTransaction>()
  let closed = false
  return {
    execute: (statement, options) => slots.use(() => query(db, statement, options), options.signal),
    batch: (statements, options) =>
      slots.use(
        () =>
          db.transaction(async (transaction) => {
            await applyModes(transaction, options.transaction)
            const results: RowSet[] = []
            for (const statement of statements) results.push(await query(transaction, statement, options))
            return results
          }),
        options.signal,
      ),
    async begin(options) {
      const release = await slots.acquire(options.signal)
      if (closed) {
        release()
        throw endedError()
      }
      let transaction: DriverTransaction | undefined
      const onEnd = (): void => {
        if (transaction !== undefined) open.delete(transaction)
        release()
      }
      transaction = await beginTransaction(db, query, { modes: options.transaction, onEnd })
      open.add(transaction)
      return transaction
    },
    async close() {
      closed = true
      // The database has one connection: what is left open here would lock everybody out.
      await Promise.all([...open].map((transaction) => transaction.rollback()))
    },
  }
}
