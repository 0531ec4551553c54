import { Hono } from 'hono'
import { createApplication } from 'lexigram-edge'
import { workers } from 'lexigram-edge/workers'

const routes = new Hono()
routes.get('/products/:id', (c) => c.json({ id: c.req.param('id'), name: 'lamp' }))

export default workers(createApplication({ name: 'bench', fetch: routes.fetch }))
