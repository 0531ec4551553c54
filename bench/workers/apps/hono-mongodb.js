import { Hono } from 'hono'
import { MongoClient } from 'mongodb'

const routes = new Hono()
routes.get('/products/:id', async (c) => {
  const client = new MongoClient(c.env.MONGODB_URI, { maxPoolSize: 1, minPoolSize: 0, serverMonitoringMode: 'poll' })
  try {
    const found = await client
      .db('bench')
      .collection('products')
      .findOne({ _id: c.req.param('id') })
    return c.json({ id: found._id, name: found.name })
  } finally {
    c.executionCtx.waitUntil(client.close())
  }
})

export default { fetch: (request, env, ctx) => routes.fetch(request, env, ctx) }
