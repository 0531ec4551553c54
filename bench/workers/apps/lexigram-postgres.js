import { Hono } from 'hono'
import { createApplication, defineConfig } from 'lexigram-edge'
import { resolve } from 'lexigram-edge/hono'
import { DatabaseConfig, DbSession, sqlProvider } from 'lexigram-edge/sql'
import { postgres } from 'lexigram-edge/sql/postgres'
import { workers } from 'lexigram-edge/workers'
import { products, whereId } from './postgres-table.js'

const routes = new Hono()
routes.get('/products/:id', async (c) => {
  const session = await resolve(c, DbSession)
  const [found] = await session.execute(
    session.db
      .select()
      .from(products)
      .where(whereId(c.req.param('id'))),
  )
  return c.json(found)
})

export default workers(
  createApplication({
    name: 'bench',
    config: defineConfig({ database: DatabaseConfig }),
    providers: [sqlProvider({ drivers: [postgres()] })],
    fetch: routes.fetch,
  }),
)
