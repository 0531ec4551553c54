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
} from '../services.js?peer=lexigram'
import { createContainer } from '../../../src/container/container.ts'
import { factory } from '../../../src/container/registration.ts'
import { token } from '../../../src/core/token.ts'

export const name = 'lexigram-edge'

const T = {}
for (const name of ['config', 'logger', 'pool', 'context', 'session', 'repository', 'service', 'handler'])
  T[name] = token(name)

function wire(mode) {
  const all = mode === 'all'
  const dispose = (session) => session.dispose()
  const context = all ? async () => new RequestContext() : () => new RequestContext()
  const session = mode === 'sync' ? (a, b, c) => new Session(a, b, c) : openSession
  const repository = all ? async (a, b) => new Repository(a, b) : (a, b) => new Repository(a, b)
  const service = all ? async (a, b, c) => new Service(a, b, c) : (a, b, c) => new Service(a, b, c)
  return createContainer()
    .singleton(
      T.config,
      factory([], () => new Config()),
    )
    .singleton(
      T.logger,
      factory([T.config], (a) => new Logger(a)),
    )
    .singleton(
      T.pool,
      factory([T.config, T.logger], (a, b) => new Pool(a, b)),
    )
    .scoped(T.context, factory([], context))
    .scoped(T.session, factory([T.context, T.pool, T.logger], session, { dispose }))
    .scoped(T.repository, factory([T.session, T.logger], repository))
    .scoped(T.service, factory([T.repository, T.session, T.config], service))
    .transient(
      T.handler,
      factory([T.service, T.context], (a, b) => new Handler(a, b)),
    )
    .seal()
}

export function createSync() {
  const container = wire('sync')
  return {
    pool: container.get(T.pool),
    single: () => container.get(T.config),
    open: () => container.scope().get(T.handler),
    run() {
      const scope = container.scope()
      try {
        return scope.get(T.handler).handle()
      } finally {
        void scope.dispose()
      }
    },
  }
}

export function createAsync(all) {
  const container = wire(all ? 'all' : 'one')
  return {
    pool: container.get(T.pool),
    async run() {
      const scope = container.scope()
      try {
        return (await scope.resolve(T.handler)).handle()
      } finally {
        void scope.dispose()
      }
    },
  }
}

export function build(count) {
  const container = createContainer()
  const tokens = []
  for (let i = 0; i < count; i++) {
    tokens.push(token(`s${i}`))
    const wanted = i > 1 ? [tokens[i - 1], tokens[i - 2]] : []
    container.singleton(
      tokens[i],
      factory(wanted, (a, b) => ({ a, b })),
    )
  }
  container.seal()
  return () => container.get(tokens[count - 1])
}
