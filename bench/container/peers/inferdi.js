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
} from '../services.js?peer=inferdi'
import { Container } from '@inferdi/inferdi'

export const name = 'InferDI 5'
export const { createSync, createAsync, build } = forOptions({})

/** The same peer with other options. */
export function forOptions(options) {
  const singletons = () =>
    new Container(options)
      .registerClass('config', Config, [])
      .registerClass('logger', Logger, ['config'])
      .registerClass('pool', Pool, ['config', 'logger'])

  return {
    createSync() {
      // A session's own dispose() is called at the end of its scope.
      const container = singletons()
        .registerClass('context', RequestContext, [], 'scoped')
        .registerClass('session', Session, ['context', 'pool', 'logger'], 'scoped')
        .registerClass('repository', Repository, ['session', 'logger'], 'scoped')
        .registerClass('service', Service, ['repository', 'session', 'config'], 'scoped')
        .registerClass('handler', Handler, ['service', 'context'], 'transient')
      return {
        pool: container.get('pool'),
        single: () => container.get('config'),
        open: () => container.createScope().get('handler'),
        run() {
          const scope = container.createScope()
          try {
            return scope.get('handler').handle()
          } finally {
            scope[Symbol.dispose]()
          }
        },
      }
    },

    // A promise is a value like any other: every dependant awaits those that it needs.
    createAsync(all) {
      const container = singletons()
        .registerFactory('context', all ? async () => new RequestContext() : () => new RequestContext(), 'scoped')
        .registerFactory(
          'session',
          async (c) => openSession(all ? await c.get('context') : c.get('context'), c.get('pool'), c.get('logger')),
          'scoped',
        )
        .registerFactory('repository', async (c) => new Repository(await c.get('session'), c.get('logger')), 'scoped')
        .registerFactory(
          'service',
          async (c) => new Service(await c.get('repository'), await c.get('session'), c.get('config')),
          'scoped',
        )
        .registerFactory(
          'handler',
          async (c) => new Handler(await c.get('service'), all ? await c.get('context') : c.get('context')),
          'transient',
        )
      return {
        pool: container.get('pool'),
        async run() {
          const scope = container.createScope()
          try {
            return (await scope.get('handler')).handle()
          } finally {
            await scope.dispose()
          }
        },
      }
    },

    build(count) {
      const container = new Container(options)
      for (let i = 0; i < count; i++) {
        container.registerFactory(
          `s${i}`,
          i > 1 ? (c) => ({ a: c.get(`s${i - 1}`), b: c.get(`s${i - 2}`) }) : () => ({ a: null, b: null }),
        )
      }
      return () => container.get(`s${count - 1}`)
    },
  }
}
