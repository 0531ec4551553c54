/* oxlint-disable typescript/no-extraneous-class -- the peer wants classes */
import {
  Config,
  Handler,
  Logger,
  Pool,
  Repository,
  RequestContext,
  Service,
  Session,
} from '../services.js?peer=tsyringe'
// oxlint-disable-next-line import/no-unassigned-import -- the peer asks for it
import 'reflect-metadata'
import { container as global, inject, injectable, Lifecycle } from 'tsyringe'

export const name = 'tsyringe'

function declare(target, ...dependencies) {
  dependencies.forEach((dependency, i) => inject(dependency)(target, undefined, i))
  injectable()(target)
  return target
}

declare(Config)
declare(Logger, 'config')
declare(Pool, 'config', 'logger')
declare(RequestContext)
declare(Session, 'context', 'pool', 'logger')
declare(Repository, 'session', 'logger')
declare(Service, 'repository', 'session', 'config')
declare(Handler, 'service', 'context')

export function createSync() {
  const container = global.createChildContainer()
  const once = { lifecycle: Lifecycle.Singleton }
  const perScope = { lifecycle: Lifecycle.ContainerScoped }
  container.register('config', { useClass: Config }, once)
  container.register('logger', { useClass: Logger }, once)
  container.register('pool', { useClass: Pool }, once)
  container.register('context', { useClass: RequestContext }, perScope)
  container.register('session', { useClass: Session }, perScope)
  container.register('repository', { useClass: Repository }, perScope)
  container.register('service', { useClass: Service }, perScope)
  container.register('handler', { useClass: Handler })
  return {
    pool: container.resolve('pool'),
    single: () => container.resolve('config'),
    open: () => container.createChildContainer().resolve('handler'),
    async run() {
      const scope = container.createChildContainer()
      try {
        return scope.resolve('handler').handle()
      } finally {
        await scope.dispose()
      }
    },
  }
}

export function build(count) {
  const container = global.createChildContainer()
  for (let i = 0; i < count; i++) {
    const target =
      i > 1
        ? declare(
            class {
              constructor(a, b) {
                this.a = a
                this.b = b
              }
            },
            `s${i - 1}`,
            `s${i - 2}`,
          )
        : declare(class {})
    container.register(`s${i}`, { useClass: target }, { lifecycle: Lifecycle.Singleton })
  }
  return () => container.resolve(`s${count - 1}`)
}
