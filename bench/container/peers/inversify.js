import {
  Config,
  Handler,
  Logger,
  Pool,
  Repository,
  RequestContext,
  Service,
  Session,
  openSession,
} from '../services.js?peer=inversify'
import { Container } from 'inversify'

export const name = 'inversify'

const T = {}
for (const name of ['config', 'logger', 'pool', 'context', 'session', 'repository', 'service', 'handler'])
  T[name] = Symbol(name)

function root() {
  const container = new Container()
  container
    .bind(T.config)
    .toResolvedValue(() => new Config(), [])
    .inSingletonScope()
  container
    .bind(T.logger)
    .toResolvedValue((a) => new Logger(a), [T.config])
    .inSingletonScope()
  container
    .bind(T.pool)
    .toResolvedValue((a, b) => new Pool(a, b), [T.config, T.logger])
    .inSingletonScope()
  return container
}

// There are no scopes: a child container per request is what has one instance per request and disposal.
function child(parent, mode) {
  const scope = new Container({ parent })
  const all = mode === 'all'
  const context = all ? async () => new RequestContext() : () => new RequestContext()
  const session = mode === 'sync' ? (a, b, c) => new Session(a, b, c) : openSession
  const repository = all ? async (a, b) => new Repository(a, b) : (a, b) => new Repository(a, b)
  const service = all ? async (a, b, c) => new Service(a, b, c) : (a, b, c) => new Service(a, b, c)
  scope.bind(T.context).toResolvedValue(context, []).inSingletonScope()
  scope
    .bind(T.session)
    .toResolvedValue(session, [T.context, T.pool, T.logger])
    .inSingletonScope()
    .onDeactivation((made) => made.dispose())
  scope.bind(T.repository).toResolvedValue(repository, [T.session, T.logger]).inSingletonScope()
  scope.bind(T.service).toResolvedValue(service, [T.repository, T.session, T.config]).inSingletonScope()
  scope
    .bind(T.handler)
    .toResolvedValue((a, b) => new Handler(a, b), [T.service, T.context])
    .inTransientScope()
  return scope
}

export function createSync() {
  const container = root()
  return {
    pool: container.get(T.pool),
    single: () => container.get(T.config),
    open: () => child(container, 'sync').get(T.handler),
    run() {
      const scope = child(container, 'sync')
      try {
        return scope.get(T.handler).handle()
      } finally {
        scope.unbindAll()
      }
    },
  }
}

export function createAsync(all) {
  const container = root()
  return {
    pool: container.get(T.pool),
    async run() {
      const scope = child(container, all ? 'all' : 'one')
      try {
        return (await scope.getAsync(T.handler)).handle()
      } finally {
        await scope.unbindAllAsync()
      }
    },
  }
}

export function build(count) {
  const container = new Container()
  const tokens = []
  for (let i = 0; i < count; i++) {
    tokens.push(Symbol(`s${i}`))
    const wanted = i > 1 ? [tokens[i - 1], tokens[i - 2]] : []
    container
      .bind(tokens[i])
      .toResolvedValue((a, b) => ({ a, b }), wanted)
      .inSingletonScope()
  }
  return () => container.get(tokens[count - 1])
}
