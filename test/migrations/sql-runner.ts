import { openDatabase, type DatabaseProvider } from '../../src/sql/database.ts'
import { postgres } from '../../src/sql/drivers/postgres/driver.ts'
import { createMigrator } from '../../src/sql/migration/migrator.ts'
import type { SqlMigration } from '../../src/sql/migration/migration.ts'
import type { TransactionalDbSession } from '../../src/sql/session/session.ts'

/** Where a runner stops, until it is killed. */
export type Stop = 'before the commit' | 'before the record' | 'never'

/** A runner of migrations that is killed: in what it asks the server, or where it stops by itself. */
const [url = '', migrations = '[]', stop = 'never'] = process.argv.slice(2)

function freeze(): never {
  process.send?.('midway')
  // Not even its timers run any more.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  throw new Error('the runner must be killed')
}

function stopping(session: TransactionalDbSession): TransactionalDbSession {
  let executed = 0
  return new Proxy(session, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      const call = (...given: unknown[]): unknown => (value as (...all: unknown[]) => unknown).apply(target, given)
      if (name === 'execute' && stop === 'before the record') {
        return async (...given: unknown[]) => (++executed === 2 ? freeze() : call(...given))
      }
      if (name === 'transaction' && stop === 'before the commit') {
        return (work: (tx: unknown) => Promise<unknown>) =>
          call(async (tx: unknown) => {
            await work(tx)
            freeze()
          })
      }
      return call
    },
  })
}

const database = await openDatabase({ drivers: [postgres()], url })
const watched: Pick<DatabaseProvider, 'session' | 'interactiveTransactions'> = {
  interactiveTransactions: true,
  session: (...given) => stopping(database.session(...given)),
}
await createMigrator({ database: watched, migrations: JSON.parse(migrations) as SqlMigration[] }).apply()
