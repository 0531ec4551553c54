import { openDatabase } from '../../src/sql/database.ts'
import { neon } from '../../src/sql/drivers/neon/index.ts'
import { postgres } from '../../src/sql/drivers/postgres/index.ts'
import { sqlConformance } from '../../src/testing/sql/index.ts'

/** One of them says where the database is, and which driver is tested. */
interface Env {
  readonly NEON_URL?: string
  readonly POSTGRES_URL?: string
  readonly HYPERDRIVE?: { readonly connectionString: string }
}

export default {
  /** Runs the case that the body names; answers with what it failed with, or with nothing. */
  async fetch(request: Request, env: Env): Promise<Response> {
    const name = await request.text()
    const found = sqlConformance().find((each) => each.name === name)
    if (found === undefined) return new Response('there is no such case', { status: 404 })
    const url = env.NEON_URL ?? env.POSTGRES_URL ?? env.HYPERDRIVE?.connectionString ?? ''
    const drivers = [env.NEON_URL === undefined ? postgres() : neon()]
    try {
      await found.run({ open: (options) => openDatabase({ ...options, drivers, url }) })
      return new Response(null, { status: 204 })
    } catch (error) {
      return new Response(String(error), { status: 500 })
    }
  },
}
