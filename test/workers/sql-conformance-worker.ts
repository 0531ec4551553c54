import { openDatabase } from '../../src/sql/database.ts'
import { neon } from '../../src/sql/drivers/neon/index.ts'
import { sqlConformance } from '../../src/testing/sql/index.ts'

interface Env {
  readonly DATABASE_URL: string
}

export default {
  /** Runs the case that the body names; answers with what it failed with, or with nothing. */
  async fetch(request: Request, env: Env): Promise<Response> {
    const name = await request.text()
    const found = sqlConformance().find((each) => each.name === name)
    if (found === undefined) return new Response('there is no such case', { status: 404 })
    try {
      await found.run({ open: (options) => openDatabase({ ...options, drivers: [neon()], url: env.DATABASE_URL }) })
      return new Response(null, { status: 204 })
    } catch (error) {
      return new Response(String(error), { status: 500 })
    }
  },
}
