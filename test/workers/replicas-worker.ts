import { createApplication, defineConfig, named } from 'lexigram-edge'
import { DatabaseConfig, Databases, DbSession, inTransaction, ReadOnlyDbSession, sqlProvider } from 'lexigram-edge/sql'
import { neon } from 'lexigram-edge/sql/neon'
import { postgres } from 'lexigram-edge/sql/postgres'
import { workers } from 'lexigram-edge/workers'

const where = 'select pg_is_in_recovery() as replica, current_database()::text as name'

/** Its databases and their replicas are bindings. */
const app = createApplication({
  name: 'replicas',
  config: defineConfig({ database: DatabaseConfig }),
  providers: [sqlProvider({ drivers: [neon(), postgres()] })],
  async fetch(request, _env, { scope }) {
    switch (new URL(request.url).pathname) {
      case '/where': {
        const tokens = [DbSession, ReadOnlyDbSession, named(DbSession, 'analytics')]
        const sessions = await Promise.all(tokens.map((token) => scope.resolve(token)))
        const rows = await Promise.all(sessions.map((session) => session.execute(where)))
        return Response.json({ rows: rows.flat(), asked: sessions.map(({ stats }) => Object.keys(stats.databases)[0]) })
      }
      case '/read': {
        const work = async (part: typeof scope) => [...(await (await part.resolve(DbSession)).execute(where))]
        return Response.json(await inTransaction(scope, work, { session: ReadOnlyDbSession }))
      }
      case '/write': {
        const session = await scope.resolve(ReadOnlyDbSession)
        const failed = await session.execute('create table never (id int)').catch((error: unknown) => error)
        return Response.json(failed)
      }
      case '/health': {
        const health = await (await scope.resolve(Databases)).health()
        return Response.json(Object.fromEntries(Object.entries(health).map(([name, { status }]) => [name, status])))
      }
      default:
        return new Response('nothing was asked')
    }
  },
})

export default workers(app)
