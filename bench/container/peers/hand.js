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
} from '../services.js?peer=hand'

export const name = 'hand-wired'

export function createSync() {
  const config = new Config()
  const logger = new Logger(config)
  const pool = new Pool(config, logger)
  return {
    pool,
    single: () => config,
    open: () => {
      const context = new RequestContext()
      const session = new Session(context, pool, logger)
      return new Handler(new Service(new Repository(session, logger), session, config), context)
    },
    run() {
      const context = new RequestContext()
      const session = new Session(context, pool, logger)
      try {
        const repository = new Repository(session, logger)
        return new Handler(new Service(repository, session, config), context).handle()
      } finally {
        session.dispose()
      }
    },
  }
}

export function createAsync(all) {
  const config = new Config()
  const logger = new Logger(config)
  const pool = new Pool(config, logger)
  const later = async (instance) => instance
  if (all) {
    return {
      pool,
      async run() {
        const context = await later(new RequestContext())
        const session = await openSession(context, pool, logger)
        try {
          const repository = await later(new Repository(session, logger))
          return new Handler(await later(new Service(repository, session, config)), context).handle()
        } finally {
          session.dispose()
        }
      },
    }
  }
  return {
    pool,
    async run() {
      const context = new RequestContext()
      const session = await openSession(context, pool, logger)
      try {
        const repository = new Repository(session, logger)
        return new Handler(new Service(repository, session, config), context).handle()
      } finally {
        session.dispose()
      }
    },
  }
}

export function build(count) {
  const makers = []
  for (let i = 0; i < count; i++) {
    let made
    makers.push(() => (made ??= { a: i > 1 ? makers[i - 1]() : null, b: i > 1 ? makers[i - 2]() : null }))
  }
  return makers[count - 1]
}
