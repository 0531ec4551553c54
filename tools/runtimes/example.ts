import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { migrations } from '../../examples/app/migrations.ts'
import { serveNeon } from '../../src/cli/neon-local/serve.ts'
import { openDatabase } from '../../src/sql/database.ts'
import { neon } from '../../src/sql/drivers/neon/index.ts'
import { createMigrator } from '../../src/sql/migration/migrator.ts'
import { launchers, type RuntimeName } from './launchers.ts'
import type { Running } from './runtime.ts'

export interface ExampleOptions {
  /** @default 'worker' */
  readonly runtime?: RuntimeName
  /** Where data is kept between runs. Without it everything lives in memory. */
  readonly folder?: string
  /** Empties the folder first. @default false */
  readonly fresh?: boolean
  /** @default 0, any free port */
  readonly port?: number
  /** Told what is being done, because the first database takes seconds, and what the example prints. */
  readonly progress?: (line: string) => void
  /** Aborts when the example is no longer needed; starting it rejects then. @default never */
  readonly signal?: AbortSignal
}

/** What the example reads beside its database: two document stores. */
export const exampleEnv = { LEX_NOSQL__BACKENDS__0__NAME: 'primary', LEX_NOSQL__BACKENDS__1__NAME: 'analytics' }

/** Runs the example in a runtime, over the local Neon endpoint, migrated. */
export async function startExample(options: ExampleOptions = {}): Promise<Running> {
  const { runtime = 'worker', folder, fresh = false, port = 0, progress = () => {} } = options
  const { signal = new AbortController().signal } = options
  const launch = await launchers[runtime]()
  progress('starting the database (PGlite behind the local Neon endpoint) …')
  const endpoint = await serveNeon(folder === undefined ? {} : { dataDir: join(folder, 'postgres'), fresh })
  try {
    const documents = folder === undefined ? undefined : join(folder, 'documents.json')
    // After the lock was taken, no other process uses the folder.
    if (documents !== undefined && fresh) rmSync(documents, { force: true })
    signal.throwIfAborted()
    const applied = await migrate(endpoint.url)
    progress(applied.length === 0 ? 'the database is up to date' : `applied ${applied.join(', ')}`)
    const running = await launch({
      env: { DATABASE_URL: endpoint.url, ...exampleEnv },
      port,
      progress,
      signal,
      ...(documents !== undefined && { documents }),
    })
    const stop = async (): Promise<void> => {
      await running.stop()
      await endpoint.close()
    }
    return { ...running, stop }
  } catch (error) {
    await endpoint.close()
    throw error
  }
}

/** Migrates the database of the URL to the example’s schema; returns what was applied. */
export async function migrate(url: string): Promise<readonly string[]> {
  await using database = await openDatabase({ drivers: [neon()], url })
  return createMigrator({ database, migrations }).apply()
}
