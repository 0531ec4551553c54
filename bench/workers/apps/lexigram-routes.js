import { Hono } from 'hono'
import { createApplication, provider } from 'lexigram-edge'
import { resolve } from 'lexigram-edge/hono'
import { workers } from 'lexigram-edge/workers'
import { Handler, registerServices } from './injected-services.js'

const routes = new Hono()
routes.get('/products/:id', async (c) => {
  const handler = await resolve(c, Handler)
  return c.json({ id: c.req.param('id'), name: 'lamp', number: handler.handle() })
})

/** The Worker; `options` are those of the session's registration. */
export function workerWith(options) {
  const services = provider('services', { register: (container) => void registerServices(container, options) })
  return workers(createApplication({ name: 'bench', providers: [services], fetch: routes.fetch }))
}
