/* oxlint-disable typescript/no-extraneous-class -- classes with only a constructor are what containers make */
// The graph that every peer wires: 3 singletons (Config, Logger, Pool), 4 per request (RequestContext, Session, which
// has to be released, Repository, Service) and 1 transient (Handler). Each peer imports this file with a query of its
// own, so that no peer's inline caches are spoiled by another's.
let requests = 0
// Keeps the graph reachable, as a response body does: otherwise V8 removes the hand-wired allocations altogether.
export let sink = null

export class Config {
  constructor() {
    this.url = 'x'
    this.level = 1
  }
}
export class Logger {
  constructor(config) {
    this.config = config
  }
}
export class Pool {
  constructor(config, logger) {
    this.config = config
    this.logger = logger
    this.open = 0
    this.total = 0
  }
}
export class RequestContext {
  constructor() {
    this.id = ++requests
  }
}
export class Session {
  constructor(context, pool, logger) {
    this.context = context
    this.pool = pool
    this.logger = logger
    this.closed = false
    pool.open++
    pool.total++
  }
  dispose() {
    if (this.closed) return
    this.closed = true
    this.pool.open--
  }
}
export class Repository {
  constructor(session, logger) {
    this.session = session
    this.logger = logger
  }
}
export class Service {
  constructor(repository, session, config) {
    this.repository = repository
    this.session = session
    this.config = config
  }
}
export class Handler {
  constructor(service, context) {
    this.service = service
    this.context = context
  }
  handle() {
    sink = this
    return this.service.repository.session.context.id + this.context.id
  }
}
export const openSession = async (context, pool, logger) => new Session(context, pool, logger)
