import { Hono } from 'hono'
import { create, find, type Product } from './work.ts'

export const routes = new Hono()
routes.get('/products/:id', (c) => c.json(find(c.req.param('id'))))
routes.post('/products', async (c) => c.json(create(await c.req.json<Product>()), 201))
