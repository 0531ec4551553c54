// The services as a container makes them.
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

export { Handler }

Logger.inject = [Config]
Pool.inject = [Config, Logger]
Session.inject = [RequestContext, Pool, Logger]
Repository.inject = [Session, Logger]
Service.inject = [Repository, Session, Config]
Handler.inject = [Service, RequestContext]

/** `options` are those of the session's registration. */
export function registerServices(container, options) {
  return container
    .singleton(Config, Config)
    .singleton(Logger, Logger)
    .singleton(Pool, Pool)
    .scoped(RequestContext, RequestContext)
    .scoped(Session, Session, options)
    .scoped(Repository, Repository)
    .scoped(Service, Service)
    .transient(Handler, Handler)
}
