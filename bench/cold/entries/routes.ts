import { Hono } from 'hono'

export const routes = new Hono()
routes.get('/products/:id', (c) => c.json({ id: c.req.param('id'), name: 'lamp' }))
