import {
  Config,
  Handler,
  Logger,
  Pool,
  Repository,
  RequestContext,
  Service,
  Session,
} from '../services.js?peer=typed-inject'
import { createInjector, Scope } from 'typed-inject'

export const name = 'typed-inject'

const recipe = (make, ...inject) => Object.assign(make, { inject })
const config = recipe(() => new Config())
const logger = recipe((a) => new Logger(a), 'config')
const pool = recipe((a, b) => new Pool(a, b), 'config', 'logger')
const context = recipe(() => new RequestContext())
const session = recipe((a, b, c) => new Session(a, b, c), 'context', 'pool', 'logger')
const repository = recipe((a, b) => new Repository(a, b), 'session', 'logger')
const service = recipe((a, b, c) => new Service(a, b, c), 'repository', 'session', 'config')
const handler = recipe((a, b) => new Handler(a, b), 'service', 'context')

export function createSync() {
  const root = createInjector()
    .provideFactory('config', config)
    .provideFactory('logger', logger)
    .provideFactory('pool', pool)
  // Each step makes another injector; disposing of the first child disposes of those that came from it.
  const resolve = (child) =>
    child
      .provideFactory('context', context)
      .provideFactory('session', session)
      .provideFactory('repository', repository)
      .provideFactory('service', service)
      .provideFactory('handler', handler, Scope.Transient)
      .resolve('handler')
  return {
    pool: root.resolve('pool'),
    single: () => root.resolve('config'),
    open: () => resolve(root.createChildInjector()),
    async run() {
      const child = root.createChildInjector()
      try {
        return resolve(child).handle()
      } finally {
        await child.dispose()
      }
    },
  }
}

export function build(count) {
  let injector = createInjector()
  for (let i = 0; i < count; i++) {
    const make = i > 1 ? recipe((a, b) => ({ a, b }), `s${i - 1}`, `s${i - 2}`) : recipe(() => ({ a: null, b: null }))
    injector = injector.provideFactory(`s${i}`, make)
  }
  return () => injector.resolve(`s${count - 1}`)
}
