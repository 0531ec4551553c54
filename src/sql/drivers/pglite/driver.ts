import { PGlite } from '@electric-sql/pglite'
import { assertOptions, must } from '../../../core/assert-options.ts'
import { UsageError } from '../../../core/errors.ts'
import type { DatabaseDriver, DriverConnection } from '../../contract/driver.ts'
import { createLocalRoles, localRoles } from '../../provider/local-roles.ts'
import { ConnectionLimit } from '../../session/calls/connection-limit.ts'
import { lockFolder, openFailure } from './folder-lock.ts'
import { pgliteSession } from './session.ts'
import type { PGliteParts } from './turn.ts'

/** Options of `pglite`. */
export interface PGliteOptions {
  /** A running database to use; the caller keeps and closes it. Without it the URL says which one is opened. */
  readonly instance?: PGlite
}

/**
 * Postgres embedded in the process, for Node: tests and local development. `pglite:memory` lives in memory,
 * `pglite:./data` in a folder. It has one connection, so statements wait for each other, at most `poolTimeout`.
 *
 * Statements run as the role `lexigram`, which is created: it is not a superuser, so that row-level security holds as
 * it does in production. `pglite:./data?role=lexigram_owner` runs them as the owner of the schema, for migrations, and
 * `?role=postgres` as the superuser.
 *
 * A folder is for one connection at a time: `./data.lock` beside it names the process that has it open.
 *
 * @throws UsageError `LEX_ERR_USE_001` for malformed options, and when a folder is opened that is in use
 * @example
 * import { pglite } from 'lexigram-edge/sql/pglite'
 *
 * const app = createApp({ sql: [pglite()] }) // DATABASE_URL=pglite:memory
 */
export function pglite(options: PGliteOptions = {}): DatabaseDriver {
  assertOptions(options, { instance: must.beObject }, 'the options of pglite')
  return {
    name: 'pglite',
    io: 'none',
    interactiveTransactions: true,
    accepts: (url) => url.protocol === 'pglite:',
    async open({ url, name, poolTimeoutMs, maxAnswerBytes }): Promise<DriverConnection> {
      const { dataDir, role } = readUrl(url)
      const { instance } = options
      const { db, close } = instance === undefined ? await openOwn(dataDir) : { db: instance, close: async () => {} }
      try {
        await db.waitReady
        const slots = new ConnectionLimit(1, poolTimeoutMs, name)
        const parts = { db, slots, maxAnswerBytes, role: await useRole(db, role, instance) }
        return { session: () => pgliteSession(parts), close }
      } catch (error) {
        await close()
        throw error
      }
    },
  }
}

/** A database of this driver alone. A folder is locked: two processes on one lose what either writes. */
async function openOwn(dataDir: string): Promise<{ readonly db: PGlite; close(): Promise<void> }> {
  const folder = folderOf(dataDir)
  if (folder === undefined) {
    const db = await PGlite.create(dataDir)
    return { db, close: () => db.close() }
  }
  const unlock = await lockFolder(folder)
  try {
    const db = await PGlite.create(dataDir)
    return { db, close: () => db.close().finally(unlock) }
  } catch (cause) {
    unlock()
    throw openFailure(folder, cause)
  }
}

/** `undefined` for a database that is in no folder, such as `memory://`. */
function folderOf(dataDir: string): string | undefined {
  const folder = dataDir.replace(/^file:\/\//, '')
  return /^[a-z][a-z-]+:\/\//.test(folder) ? undefined : folder
}

/**
 * Logs in as the role, as far as the embedded database lets its superuser do so: what the role may become is then what
 * it is a member of. A database that one application uses stays in its role; one with direct users changes it for each turn, and back.
 */
async function useRole(db: PGlite, role: string, instance: PGlite | undefined): Promise<PGliteParts['role']> {
  const { rows } = await db.query<{ own: string; isSuper: boolean }>(
    'select rolname as own, rolsuper as "isSuper" from pg_catalog.pg_roles where rolname = current_user',
  )
  const [user] = rows
  // Its user has chosen another role for it already.
  if (user?.isSuper !== true) return undefined
  for (const statement of createLocalRoles) await db.query(statement)
  const known = await db.query('select from pg_catalog.pg_roles where rolname = $1', [role])
  if (known.rows.length === 0) {
    throw new UsageError(`the role ${JSON.stringify(role)} cannot be used: the embedded database does not have it`, {
      hint: `Leave ?role= out of the URL, or use ${localRoles.owner} or postgres.`,
    })
  }
  const enter = logIn(role)
  // By name: the embedded database does not know its own user after RESET.
  if (instance !== undefined) return { enter, leave: logIn(user.own) }
  await db.query(enter)
  return { enter, leave: undefined }
}

function logIn(role: string): string {
  return `set session authorization "${role.replaceAll('"', '""')}"`
}

/** `pglite:memory`, `pglite:./data`, `pglite:///data?role=lexigram_owner` */
function readUrl(text: string): { readonly dataDir: string; readonly role: string } {
  const [location = '', query = ''] = text.split('?', 2)
  const path = location.replace(/^pglite:(\/\/)?/, '')
  const options = new URLSearchParams(query)
  const unknown = [...options.keys()].find((name) => name !== 'role')
  if (unknown !== undefined) throw new UsageError('the database URL cannot have an option that pglite does not know')
  return { dataDir: path === '' || path === 'memory' ? 'memory://' : path, role: options.get('role') ?? localRoles.app }
}
