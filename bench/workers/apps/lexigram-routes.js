import { Hono } from 'hono'
import { createApplication, provider } from 'lexigram-edge'
import { resolve } from 'lexigram-edge/hono'
import { workers } from 'lexigram-edge/workers'
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

const routes = new Hono()
routes.get('/products/:id', async (c) => {
  const handler = await resolve(c, Handler)
  return c.json({ id: c.req.param('id'), name: 'lamp', number: handler.handle() })
})

/** The Worker; `options` are those of the session's registration. */
export function workerWith(options) {
  const services = provider('services', {
    register: (container) => {
      container
        .singleton(Config, Config)
        .singleton(Logger, Logger)
        .singleton(Pool, Pool)
        .scoped(RequestContext, RequestContext)
        .scoped(Session, Session, options)
        .scoped(Repository, Repository)
        .scoped(Service, Service)
        .transient(Handler, Handler)
    },
  })
  return workers(createApplication({ name: 'bench', providers: [services], fetch: routes.fetch }))
}
