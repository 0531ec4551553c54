import { Hono } from 'hono'

const routes = new Hono()
routes.get('/products/:id', (c) => c.json({ id: c.req.param('id'), name: 'lamp' }))

export default { fetch: (request, env, ctx) => routes.fetch(request, env, ctx) }
