import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '../src/sql/database.ts'
import { neon } from '../src/sql/drivers/neon/index.ts'
import { createMigrator } from '../src/sql/migration/migrator.ts'
import { serveNeon } from '../src/cli/neon-local/serve.ts'
import { migrations } from '../examples/app/migrations.ts'
import { documentsService } from './documents-service.ts'
import { root } from './steps.ts'
import { bundleWorker, startWorkerd } from './workerd.ts'

export interface ExampleOptions {
  /** Where data is kept between runs. Without it everything lives in memory. */
  readonly folder?: string
  /** Empties the folder first. @default false */
  readonly fresh?: boolean
  /** @default 0, any free port */
  readonly port?: number
  /** Told what is being done, because the first database takes seconds. */
  readonly progress?: (line: string) => void
}

export interface Example {
  readonly url: string
  /** Stops everything that was started, workerd included. */
  stop(): Promise<void>
}

/** What the example reads beside its database: two document stores. */
export const exampleEnv = { LEX_NOSQL__BACKENDS__0__NAME: 'primary', LEX_NOSQL__BACKENDS__1__NAME: 'analytics' }

/** Runs examples/worker in workerd over the local Neon endpoint, migrated. */
export async function startExample(options: ExampleOptions = {}): Promise<Example> {
  const { folder, fresh = false, port = 0, progress = () => {} } = options
  const stops: (() => Promise<void>)[] = []
  const stop = async (): Promise<void> => {
    for (const end of stops.splice(0).toReversed()) await end()
  }
  try {
    progress('bundling examples/worker …')
    const script = await bundleWorker(join(root, 'examples/worker/index.ts'))
    progress('starting the database (PGlite behind the local Neon endpoint) …')
    const endpoint = await serveNeon(folder === undefined ? {} : { dataDir: join(folder, 'postgres'), fresh })
    stops.push(() => endpoint.close())
    // After the database's lock was had: nobody else is using the folder.
    if (folder !== undefined && fresh) rmSync(join(folder, 'documents.json'), { force: true })
    const applied = await migrate(endpoint.url)
    progress(applied.length === 0 ? 'the database is up to date' : `applied ${applied.join(', ')}`)
    progress('starting workerd …')
    const miniflare = await startWorkerd(script, {
      port,
      bindings: { DATABASE_URL: endpoint.url, ...exampleEnv },
      services: folder === undefined ? {} : { DOCUMENTS: documentsService(join(folder, 'documents.json')) },
    })
    stops.push(() => miniflare.dispose())
    return { url: (await miniflare.ready).origin, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Brings the database behind the URL to the example’s schema; gives what was applied. */
export async function migrate(url: string): Promise<readonly string[]> {
  await using database = await openDatabase({ drivers: [neon()], url })
  return createMigrator({ database, migrations }).apply()
}
