// As hono-services.js, with the container and nothing else of the package.
import { Hono } from 'hono'
import { createContainer } from '../../../src/container/container.ts'
import { Handler, registerServices } from './injected-services.js'

const container = registerServices(createContainer(), {}).seal()
const routes = new Hono()
routes.get('/products/:id', (c) => {
  const handler = container.scope().get(Handler)
  return c.json({ id: c.req.param('id'), name: 'lamp', number: handler.handle() })
})

export default { fetch: (request, env, ctx) => routes.fetch(request, env, ctx) }
