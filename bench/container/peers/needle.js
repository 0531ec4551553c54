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
} from '../services.js?peer=needle'
import { Container, InjectionToken } from '@needle-di/core'

export const name = 'needle-di'

const root = () =>
  new Container().bindAll(
    { provide: Config, useFactory: () => new Config() },
    { provide: Logger, useFactory: (c) => new Logger(c.get(Config)) },
    { provide: Pool, useFactory: (c) => new Pool(c.get(Config), c.get(Logger)) },
  )

const perRequest = [
  { provide: RequestContext, useFactory: () => new RequestContext() },
  { provide: Session, useFactory: (c) => new Session(c.get(RequestContext), c.get(Pool), c.get(Logger)) },
  { provide: Repository, useFactory: (c) => new Repository(c.get(Session), c.get(Logger)) },
  { provide: Service, useFactory: (c) => new Service(c.get(Repository), c.get(Session), c.get(Config)) },
  { provide: Handler, useFactory: (c) => new Handler(c.get(Service), c.get(RequestContext)) },
]

function child(container, providers) {
  const scope = container.createChild()
  for (const provider of providers) scope.bind(provider)
  return scope
}

// Nothing is disposed of by the container, so the session is released by hand.
export function createSync() {
  const container = root()
  return {
    pool: container.get(Pool),
    single: () => container.get(Config),
    open: () => child(container, perRequest).get(Handler),
    run() {
      const scope = child(container, perRequest)
      try {
        return scope.get(Handler).handle()
      } finally {
        scope.get(Session).dispose()
      }
    },
  }
}

export function createAsync(all) {
  const container = root()
  const context = async (c) => (all ? c.getAsync(RequestContext) : c.get(RequestContext))
  const providers = [
    all ? { provide: RequestContext, async: true, useFactory: async () => new RequestContext() } : perRequest[0],
    {
      provide: Session,
      async: true,
      useFactory: all
        ? async (c) => openSession(await context(c), c.get(Pool), c.get(Logger))
        : (c) => openSession(c.get(RequestContext), c.get(Pool), c.get(Logger)),
    },
    {
      provide: Repository,
      async: true,
      useFactory: async (c) => new Repository(await c.getAsync(Session), c.get(Logger)),
    },
    {
      provide: Service,
      async: true,
      useFactory: async (c) => new Service(await c.getAsync(Repository), await c.getAsync(Session), c.get(Config)),
    },
    {
      provide: Handler,
      async: true,
      useFactory: async (c) => new Handler(await c.getAsync(Service), await context(c)),
    },
  ]
  return {
    pool: container.get(Pool),
    async run() {
      const scope = child(container, providers)
      try {
        return (await scope.getAsync(Handler)).handle()
      } finally {
        ;(await scope.getAsync(Session)).dispose()
      }
    },
  }
}

export function build(count) {
  const container = new Container()
  const tokens = []
  for (let i = 0; i < count; i++) {
    tokens.push(new InjectionToken(`s${i}`))
    const useFactory = (c) => ({ a: i > 1 ? c.get(tokens[i - 1]) : null, b: i > 1 ? c.get(tokens[i - 2]) : null })
    container.bind({ provide: tokens[i], useFactory })
  }
  return () => container.get(tokens[count - 1])
}
