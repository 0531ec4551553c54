import { drizzle } from 'drizzle-orm/node-postgres'
import { Hono } from 'hono'
import { Client } from 'pg'
import { products, whereId } from './postgres-table.js'

const routes = new Hono()
routes.get('/products/:id', async (c) => {
  const client = new Client({ connectionString: c.env.HYPERDRIVE.connectionString })
  await client.connect()
  try {
    const [found] = await drizzle(client)
      .select()
      .from(products)
      .where(whereId(c.req.param('id')))
    return c.json(found)
  } finally {
    c.executionCtx.waitUntil(client.end())
  }
})

export default { fetch: (request, env, ctx) => routes.fetch(request, env, ctx) }
