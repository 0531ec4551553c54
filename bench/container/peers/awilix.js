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
} from '../services.js?peer=awilix'
import { asFunction, createContainer } from 'awilix'

export const name = 'awilix'

const singletons = () =>
  createContainer().register({
    config: asFunction(() => new Config()).singleton(),
    logger: asFunction(({ config }) => new Logger(config)).singleton(),
    pool: asFunction(({ config, logger }) => new Pool(config, logger)).singleton(),
  })

export function createSync() {
  const container = singletons().register({
    context: asFunction(() => new RequestContext()).scoped(),
    session: asFunction(({ context, pool, logger }) => new Session(context, pool, logger))
      .scoped()
      .disposer((session) => session.dispose()),
    repository: asFunction(({ session, logger }) => new Repository(session, logger)).scoped(),
    service: asFunction(({ repository, session, config }) => new Service(repository, session, config)).scoped(),
    handler: asFunction(({ service, context }) => new Handler(service, context)).transient(),
  })
  return {
    pool: container.resolve('pool'),
    single: () => container.resolve('config'),
    open: () => container.createScope().resolve('handler'),
    async run() {
      const scope = container.createScope()
      try {
        return scope.resolve('handler').handle()
      } finally {
        await scope.dispose()
      }
    },
  }
}

// There is no async resolution: every dependant awaits its promise-valued dependencies.
export function createAsync(all) {
  const container = singletons().register({
    context: asFunction(all ? async () => new RequestContext() : () => new RequestContext()).scoped(),
    session: asFunction(async ({ context, pool, logger }) => openSession(all ? await context : context, pool, logger))
      .scoped()
      .disposer(async (session) => (await session).dispose()),
    repository: asFunction(async ({ session, logger }) => new Repository(await session, logger)).scoped(),
    service: asFunction(
      async ({ repository, session, config }) => new Service(await repository, await session, config),
    ).scoped(),
    handler: asFunction(
      async ({ service, context }) => new Handler(await service, all ? await context : context),
    ).transient(),
  })
  return {
    pool: container.resolve('pool'),
    async run() {
      const scope = container.createScope()
      try {
        return (await scope.resolve('handler')).handle()
      } finally {
        await scope.dispose()
      }
    },
  }
}

export function build(count) {
  const registrations = {}
  for (let i = 0; i < count; i++) {
    const make = (cradle) => ({ a: i > 1 ? cradle[`s${i - 1}`] : null, b: i > 1 ? cradle[`s${i - 2}`] : null })
    registrations[`s${i}`] = asFunction(make).singleton()
  }
  const container = createContainer().register(registrations)
  return () => container.resolve(`s${count - 1}`)
}
