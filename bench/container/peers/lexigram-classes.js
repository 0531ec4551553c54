import {
  Config,
  Handler,
  Logger,
  Pool,
  Repository,
  RequestContext,
  Service,
  Session,
} from '../services.js?peer=lexigram-classes'
import { createContainer } from '../../../src/container/container.ts'

export const name = 'lexigram-edge, classes'

Logger.inject = [Config]
Pool.inject = [Config, Logger]
Session.inject = [RequestContext, Pool, Logger]
Repository.inject = [Session, Logger]
Service.inject = [Repository, Session, Config]
Handler.inject = [Service, RequestContext]

export function createSync() {
  const container = createContainer()
    .singleton(Config, Config)
    .singleton(Logger, Logger)
    .singleton(Pool, Pool)
    .scoped(RequestContext, RequestContext)
    .scoped(Session, Session, { dispose: (session) => session.dispose() })
    .scoped(Repository, Repository)
    .scoped(Service, Service)
    .transient(Handler, Handler)
    .seal()
  return {
    pool: container.get(Pool),
    single: () => container.get(Config),
    open: () => container.scope().get(Handler),
    run() {
      const scope = container.scope()
      try {
        return scope.get(Handler).handle()
      } finally {
        void scope.dispose()
      }
    },
  }
}
