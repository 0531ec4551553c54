import { openDatabase, type DatabaseProvider } from '../../src/sql/database.ts'
import { neon } from '../../src/sql/drivers/neon/index.ts'
import { postgres } from '../../src/sql/drivers/postgres/index.ts'
import type { RunOptions } from '../support/fault-campaign.ts'
import { runOperation } from './operations.ts'

interface Env {
  readonly DATABASE_URL: string
  readonly DRIVER: string
  readonly STATEMENT_TIMEOUT: number
}

let opened: Promise<DatabaseProvider> | undefined

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const database = await (opened ??= openDatabase({
      drivers: [neon(), postgres()],
      driver: env.DRIVER,
      url: env.DATABASE_URL,
      statementTimeoutMs: env.STATEMENT_TIMEOUT,
      poolTimeoutMs: env.STATEMENT_TIMEOUT,
    }))
    const options = (await request.json()) as RunOptions
    return Response.json(await runOperation(database, options))
  },
}
