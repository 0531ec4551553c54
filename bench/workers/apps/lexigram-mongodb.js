import { Hono } from 'hono'
import { createApplication, defineConfig } from 'lexigram-edge'
import { resolve } from 'lexigram-edge/hono'
import { DocumentStore, NoSqlConfig, noSqlProvider } from 'lexigram-edge/nosql'
import { mongodb } from 'lexigram-edge/nosql/mongodb'
import { workers } from 'lexigram-edge/workers'

const routes = new Hono()
routes.get('/products/:id', async (c) => {
  const store = await resolve(c, DocumentStore)
  const found = await store.collection('products').findOne({ _id: c.req.param('id') })
  return c.json({ id: found._id, name: found.name })
})

export default workers(
  createApplication({
    name: 'bench',
    config: defineConfig({ nosql: NoSqlConfig }),
    providers: [noSqlProvider({ drivers: [mongodb()] })],
    fetch: routes.fetch,
  }),
)
