import { Hono } from 'hono'
import { map } from 'lexigram-edge'
import { notFound, onError, requestScope, resolve, respond, valid, type ScopeVariables } from 'lexigram-edge/hono'
import { Analytics } from './analytics.ts'
import { communityRoutes } from './community-routes.ts'
import document from './openapi.json' with { type: 'json' }
import { NewProduct, StockChange, toView } from './product.ts'
import { Products } from './products.ts'

export const routes = new Hono<{ Variables: ScopeVariables }>()

routes.onError(onError()).notFound(notFound)
// Made by openapi.ts, so that the generator is in no bundle.
routes.get('/openapi.json', (c) => c.json(document))

// Names the spans of requests by their routes.
routes.use(requestScope())

routes.get('/products', async (c) => {
  const products = await resolve(c, Products)
  return c.json((await products.list()).map(toView))
})

routes.post('/products', valid(NewProduct), async (c) => {
  const products = await resolve(c, Products)
  return respond(c, map(await products.add(c.req.valid('json')), toView), { status: 201 })
})

routes.get('/products/:id', async (c) => {
  const products = await resolve(c, Products)
  const found = await products.find(c.req.param('id'))
  // Counted after the response; the scope, and with it the store, waits for that.
  if (found.ok) c.executionCtx.waitUntil((await resolve(c, Analytics)).viewed(found.value.id))
  return respond(c, map(found, toView))
})

routes.patch('/products/:id/stock', valid(StockChange), async (c) => {
  const products = await resolve(c, Products)
  return respond(c, map(await products.adjustStock(c.req.param('id'), c.req.valid('json').by), toView))
})

routes.delete('/products/:id', async (c) => {
  const products = await resolve(c, Products)
  return respond(c, await products.delete(c.req.param('id')))
})

routes.route('/', communityRoutes)
