// A Hono app over Drizzle and Neon, on Node's server; prints what it answers.
import { createApplication, defineConfig, DomainError, err, ok, setting } from 'lexigram-edge'
import { notFound, onError, requestScope, resolve, respond, validJson, type ScopeVariables } from 'lexigram-edge/hono'
import { serve } from 'lexigram-edge/node'
import { DatabaseConfig, openDatabase, sqlProvider, TransactionalDbSession } from 'lexigram-edge/sql'
import { neon } from 'lexigram-edge/sql/neon'
import { eq, sql } from 'drizzle-orm'
import { integer, pgTable, text } from 'drizzle-orm/pg-core'
import { Hono } from 'hono'

class OutOfStock extends DomainError {
  readonly code = 'OUT_OF_STOCK'
}

const products = pgTable('sold_products', { id: text().primaryKey(), stock: integer().notNull() })
const NewProduct = setting.object({ id: setting.string(), stock: setting.int({ min: 0 }) })

const routes = new Hono<{ Variables: ScopeVariables }>().onError(onError()).notFound(notFound)
routes.use(requestScope())
routes.post('/products', async (c) => {
  const body = await validJson(c, NewProduct)
  if (!body.ok) return respond(c, body)
  const { db } = await resolve(c, TransactionalDbSession)
  const [added] = await db.insert(products).values(body.value).returning()
  return respond(c, ok(added), { status: 201 })
})
routes.post('/products/:id/sell', async (c) => {
  const session = await c.var.scope.resolve(TransactionalDbSession)
  const sold = await session.transaction(async ({ db }) => {
    const [found] = await db
      .select()
      .from(products)
      .where(eq(products.id, c.req.param('id')))
      .for('update')
    if (found === undefined || found.stock === 0) return err(new OutOfStock('none left'))
    const set = { stock: sql`${products.stock} - 1` }
    const [changed] = await db.update(products).set(set).where(eq(products.id, found.id)).returning()
    return ok(changed)
  })
  return respond(c, sold, { statuses: { OUT_OF_STOCK: 409 } })
})

const app = createApplication({
  name: 'shop',
  config: defineConfig({ database: DatabaseConfig }),
  providers: [sqlProvider({ drivers: [neon()], schema: { products } })],
  fetch: routes.fetch,
})
const env = { DATABASE_URL: process.argv[2] ?? '' }
{
  await using database = await openDatabase({ drivers: [neon()], url: env.DATABASE_URL })
  await using session = database.session()
  await session.execute(sql`create table sold_products (id text primary key, stock integer not null)`)
}
await using server = await serve(app, { port: 0, signals: [], env })
const answers: unknown[] = []
for (const [path, body] of [
  ['/products', { id: 'a', stock: 1 }],
  ['/products', { id: 'a' }],
  ['/products/a/sell'],
  ['/products/a/sell'],
  ['/nowhere'],
] as const) {
  const response = await fetch(`${server.url}${path}`, { method: 'POST', body: JSON.stringify(body ?? null) })
  answers.push([response.status, await response.json()])
}
process.stdout.write(JSON.stringify(answers))
