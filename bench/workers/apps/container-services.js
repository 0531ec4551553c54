// As hono-services.js, with the container and nothing else of the package.
import { Hono } from 'hono'
import { createContainer } from '../../../src/container/container.ts'
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

Logger.inject = [Config]
Pool.inject = [Config, Logger]
Session.inject = [RequestContext, Pool, Logger]
Repository.inject = [Session, Logger]
Service.inject = [Repository, Session, Config]
Handler.inject = [Service, RequestContext]

const container = createContainer()
  .singleton(Config, Config)
  .singleton(Logger, Logger)
  .singleton(Pool, Pool)
  .scoped(RequestContext, RequestContext)
  .scoped(Session, Session)
  .scoped(Repository, Repository)
  .scoped(Service, Service)
  .transient(Handler, Handler)
  .seal()
const routes = new Hono()
routes.get('/products/:id', (c) => {
  const handler = container.scope().get(Handler)
  return c.json({ id: c.req.param('id'), name: 'lamp', number: handler.handle() })
})

export default { fetch: (request, env, ctx) => routes.fetch(request, env, ctx) }
