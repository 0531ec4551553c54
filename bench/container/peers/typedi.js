import { Config, Handler, Logger, Pool, Repository, RequestContext, Service, Session } from '../services.js?peer=typedi'
// oxlint-disable-next-line import/no-unassigned-import -- the peer asks for it
import 'reflect-metadata'
import { Container, Token } from 'typedi'

export const name = 'typedi'

/** Its containers call `destroy` of what they made. */
class OwnedSession extends Session {
  destroy() {
    this.dispose()
  }
}
const T = {}
for (const name of ['config', 'logger', 'pool', 'context', 'session', 'repository', 'service', 'handler'])
  T[name] = new Token(name)
let requests = 0

export function createSync() {
  const set = (id, factory, more) => Container.set({ id, factory, ...more })
  set(T.config, () => new Config(), { global: true })
  set(T.logger, (c) => new Logger(c.get(T.config)), { global: true })
  set(T.pool, (c) => new Pool(c.get(T.config), c.get(T.logger)), { global: true })
  set(T.context, () => new RequestContext())
  set(T.session, (c) => new OwnedSession(c.get(T.context), c.get(T.pool), c.get(T.logger)))
  set(T.repository, (c) => new Repository(c.get(T.session), c.get(T.logger)))
  set(T.service, (c) => new Service(c.get(T.repository), c.get(T.session), c.get(T.config)))
  set(T.handler, (c) => new Handler(c.get(T.service), c.get(T.context)), { transient: true })
  return {
    pool: Container.get(T.pool),
    single: () => Container.get(T.config),
    open: () => Container.of(`r${++requests}`).get(T.handler),
    run() {
      const id = `r${++requests}`
      try {
        return Container.of(id).get(T.handler).handle()
      } finally {
        Container.reset(id)
      }
    },
  }
}

export function build(count) {
  const container = Container.of('build')
  const tokens = []
  for (let i = 0; i < count; i++) {
    tokens.push(new Token(`s${i}`))
    const factory = (c) => ({ a: i > 1 ? c.get(tokens[i - 1]) : null, b: i > 1 ? c.get(tokens[i - 2]) : null })
    container.set({ id: tokens[i], factory })
  }
  return () => container.get(tokens[count - 1])
}
