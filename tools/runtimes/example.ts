import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { migrations } from '../../examples/app/migrations.ts'
import { serveNeon, type NeonEndpoint } from '../../src/cli/neon-local/serve.ts'
import { UsageError } from '../../src/core/errors.ts'
import { openDatabase } from '../../src/sql/database.ts'
import { neon } from '../../src/sql/drivers/neon/index.ts'
import { lockFolder } from '../../src/sql/drivers/pglite/folder-lock.ts'
import { pglite } from '../../src/sql/drivers/pglite/index.ts'
import { createMigrator } from '../../src/sql/migration/migrator.ts'
import { localDocuments, type DocumentsName, type SqlName } from './databases.ts'
import { launchers, type RuntimeName } from './launchers.ts'
import type { Running } from './runtime.ts'

export interface ExampleOptions {
  /** @default 'worker' */
  readonly runtime?: RuntimeName
  /** The driver of documents. With any but `memory`, products are documents, too. @default 'memory' */
  readonly documents?: DocumentsName
  /** The driver of SQL. `pglite` is for Node. @default 'neon' */
  readonly sql?: SqlName
  /** Where data is kept between runs. Without it everything lives in memory. */
  readonly folder?: string
  /** Empties the folder first. @default false */
  readonly fresh?: boolean
  /** @default 0, any free port */
  readonly port?: number
  /** The environment of the inspector that shows the example. @default it is not inspected */
  readonly inspector?: Readonly<Record<string, string>>
  /** Receives what is being done, because the first database takes seconds, and what the example prints. */
  readonly progress?: (line: string) => void
  /** Starting the example rejects when this aborts. @default never */
  readonly signal?: AbortSignal
}

/** What the example reads beside its database: two document stores, and what seals page cursors. */
export const exampleEnv = {
  CURSOR_SECRET: crypto.randomUUID(),
  LEX_NOSQL__BACKENDS__0__NAME: 'primary',
  LEX_NOSQL__BACKENDS__0__DRIVER: 'memory',
  LEX_NOSQL__BACKENDS__1__NAME: 'analytics',
  LEX_NOSQL__BACKENDS__1__DRIVER: 'memory',
}

/** Runs the example in a runtime, over local databases, migrated. */
export async function startExample(options: ExampleOptions = {}): Promise<Running> {
  const { runtime = 'worker', documents = 'memory', sql = 'neon', folder, port = 0, progress = () => {} } = options
  const { inspector, signal = new AbortController().signal } = options
  const launch = await launchers[runtime]()
  const started: (() => Promise<void>)[] = []
  const stop = async (): Promise<void> => {
    for (const stopOne of started.splice(0).toReversed()) await stopOne()
  }
  try {
    progress('starting the databases …')
    const database = await startSql(sql, options)
    started.push(database.stop)
    const store = await localDocuments[documents]()
    started.push(() => store.stop())
    signal.throwIfAborted()
    progress(database.applied.length === 0 ? 'the database is up to date' : `applied ${database.applied.join(', ')}`)
    const running = await launch({
      env: { ...exampleEnv, ...database.env, ...store.env, ...inspector },
      inspected: inspector !== undefined,
      port,
      progress,
      signal,
      ...(documents === 'memory' && folder !== undefined && { documents: documentsFile(folder) }),
    })
    started.push(() => running.stop())
    const { note: itself, memoryNote } = running
    const ofDocuments = documents === 'memory' ? memoryNote : store.note
    const note = ofDocuments === undefined ? itself : `${itself};\n${ofDocuments}`
    return { ...running, note, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

interface StartedSql {
  readonly env: Readonly<Record<string, string>>
  /** The migrations that were applied. */
  readonly applied: readonly string[]
  readonly stop: () => Promise<void>
}

async function startSql(sql: SqlName, options: ExampleOptions): Promise<StartedSql> {
  const { folder, fresh = false, runtime = 'worker' } = options
  if (sql === 'pglite') {
    if (runtime !== 'node') throw new UsageError(`pglite cannot run in the runtime ${runtime}: it needs Node`)
    if (folder === undefined)
      throw new UsageError('pglite cannot run without a folder: its data would end with the migration')
    const path = join(folder, 'pglite')
    if (fresh) await emptyFolder(path)
    const url = `pglite:${path}`
    return { env: { DATABASE_URL: url }, applied: await migrate(url), stop: async () => {} }
  }
  const endpoint = await serveNeon({
    ...(folder !== undefined && { dataDir: join(folder, 'postgres'), fresh }),
    ...(sql === 'postgres' && { protocolPort: 0 }),
  })
  try {
    // After the lock was taken, no other process uses the folder.
    if (folder !== undefined && fresh) rmSync(documentsFile(folder), { force: true })
    return { env: urlOf(sql, endpoint), applied: await migrate(endpoint.url), stop: () => endpoint.close() }
  } catch (error) {
    await endpoint.close()
    throw error
  }
}

/** @throws UsageError while another process uses it */
async function emptyFolder(folder: string): Promise<void> {
  const release = await lockFolder(folder)
  rmSync(folder, { recursive: true, force: true })
  release()
}

function urlOf(sql: SqlName, endpoint: NeonEndpoint): Readonly<Record<string, string>> {
  return { DATABASE_URL: endpoint.url, LEX_DATABASE__DRIVER: sql, ...(sql === 'postgres' && tcpUrl(endpoint)) }
}

/** The application's role, on the port of PostgreSQL's own protocol. */
function tcpUrl({ url, protocolUrl = '' }: NeonEndpoint): { readonly DATABASE_URL: string } {
  const own = new URL(protocolUrl)
  const { username, password } = new URL(url)
  own.username = username
  own.password = password
  return { DATABASE_URL: own.href }
}

const documentsFile = (folder: string): string => join(folder, 'documents.json')

/** Brings the database behind the URL to the example's schema; returns what was applied. */
export async function migrate(url: string): Promise<readonly string[]> {
  await using database = await openDatabase({ drivers: [neon(), pglite()], url })
  return await createMigrator({ database, migrations }).apply()
}
