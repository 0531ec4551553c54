import { createApplication, defineConfig } from 'lexigram-edge'
import { DatabaseConfig, DbSession, sqlProvider, TransactionalDbSession } from 'lexigram-edge/sql'
import { neon } from 'lexigram-edge/sql/neon'
import { postgres } from 'lexigram-edge/sql/postgres'
import { workers } from 'lexigram-edge/workers'

const pid = 'select pg_backend_pid() as pid'

/** Its configuration is the binding alone. Each path does something with the database of its request. */
const app = createApplication({
  name: 'hyperdrive',
  config: defineConfig({ database: DatabaseConfig }),
  providers: [sqlProvider({ drivers: [neon(), postgres()] })],
  async fetch(request, _env, { scope }) {
    const session = await scope.resolve(DbSession)
    switch (new URL(request.url).pathname) {
      case '/pid':
        return Response.json((await Promise.all([session.execute(pid), session.execute(pid)])).flat())
      case '/slow': {
        session.execute('select pg_sleep(20)').catch(() => {})
        // workerd notices that a client has disconnected when the next chunk is sent.
        const body = new ReadableStream<Uint8Array>({
          async pull(controller) {
            await new Promise((resolve) => setTimeout(resolve, 200))
            controller.enqueue(new TextEncoder().encode('tick'))
          },
        })
        return new Response(body)
      }
      case '/streamed': {
        // The body is read long after the handler has returned, and the session still serves it.
        const body = new ReadableStream<Uint8Array>({
          async pull(controller) {
            const rows = await session.execute('select pg_sleep(0.05), 7 as seven')
            controller.enqueue(new TextEncoder().encode(JSON.stringify(rows[0]?.['seven'])))
            controller.close()
          },
        })
        return new Response(body)
      }
      case '/left-open': {
        const transactional = await scope.resolve(TransactionalDbSession)
        const begun = Promise.withResolvers<void>()
        void transactional
          .transaction(async (tx) => {
            await tx.execute('select 1')
            begun.resolve()
            await new Promise(() => {})
          })
          .catch(() => {})
        await begun.promise
        return new Response('left')
      }
      default:
        return new Response('nothing was asked')
    }
  },
})

export default workers(app)
