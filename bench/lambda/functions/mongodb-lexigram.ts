import { Hono } from 'hono'
import { createApplication, defineConfig } from 'lexigram-edge'
import { resolve } from 'lexigram-edge/hono'
import { lambda } from 'lexigram-edge/lambda'
import { DocumentStore, NoSqlConfig, noSqlProvider } from 'lexigram-edge/nosql'
import { mongodb } from 'lexigram-edge/nosql/mongodb'

interface Product {
  readonly _id: string
  readonly name: string
}

const routes = new Hono()
routes.get('/products/:id', async (c) => {
  const store = await resolve(c, DocumentStore)
  const found = await store.collection<Product>('products').findOne({ _id: c.req.param('id') })
  return c.json(found === null ? null : { id: found._id, name: found.name })
})

export const handler = lambda(
  createApplication({
    name: 'bench',
    config: defineConfig({ nosql: NoSqlConfig }),
    providers: [noSqlProvider({ drivers: [mongodb()] })],
    fetch: routes.fetch,
  }),
)
