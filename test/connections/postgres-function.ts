import { createApplication, defineConfig } from 'lexigram-edge'
import { lambda } from 'lexigram-edge/lambda'
import { DatabaseConfig, DbSession, sqlProvider } from 'lexigram-edge/sql'
import { postgres } from 'lexigram-edge/sql/postgres'

export const handler = lambda(
  createApplication({
    name: 'ledger',
    config: defineConfig({ database: DatabaseConfig }),
    providers: [sqlProvider({ drivers: [postgres({ verifyAfter: 300, idleTimeout: 60_000 })] })],
    async fetch(_request, _env, { scope }) {
      const session = await scope.resolve(DbSession)
      // A write: what is sent over a dead connection would be of unknown outcome.
      const rows = await session.execute<{ total: number }>(
        'insert into ledger values (1) returning lastval()::int as total',
      )
      return Response.json(rows[0])
    },
  }),
)
