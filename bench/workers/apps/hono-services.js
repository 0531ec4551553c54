import { Hono } from 'hono'
import {
  Config,
  Handler,
  Logger,
  Pool,
  Repository,
  RequestContext,
  Service,
  Session,
} from '../../container/services.js'

const config = new Config()
const logger = new Logger(config)
const pool = new Pool(config, logger)
const routes = new Hono()
routes.get('/products/:id', (c) => {
  const context = new RequestContext()
  const session = new Session(context, pool, logger)
  const service = new Service(new Repository(session, logger), session, config)
  return c.json({ id: c.req.param('id'), name: 'lamp', number: new Handler(service, context).handle() })
})

export default { fetch: (request, env, ctx) => routes.fetch(request, env, ctx) }
