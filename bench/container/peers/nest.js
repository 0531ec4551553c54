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
  openSession,
} from '../services.js?peer=nest'
// oxlint-disable-next-line import/no-unassigned-import -- the peer asks for it
import 'reflect-metadata'
import { Module, Scope } from '@nestjs/common'
import { ContextIdFactory, NestFactory } from '@nestjs/core'

export const name = 'NestJS'

async function start(providers) {
  class App {}
  Module({ providers })(App)
  return NestFactory.createApplicationContext(App, { logger: false })
}

async function create(mode) {
  const all = mode === 'all'
  const scope = Scope.REQUEST
  const app = await start([
    { provide: 'config', useFactory: () => new Config() },
    { provide: 'logger', inject: ['config'], useFactory: (a) => new Logger(a) },
    { provide: 'pool', inject: ['config', 'logger'], useFactory: (a, b) => new Pool(a, b) },
    {
      provide: 'context',
      scope,
      useFactory: all ? async () => new RequestContext() : () => new RequestContext(),
    },
    {
      provide: 'session',
      scope,
      inject: ['context', 'pool', 'logger'],
      useFactory: mode === 'sync' ? (a, b, c) => new Session(a, b, c) : openSession,
    },
    {
      provide: 'repository',
      scope,
      inject: ['session', 'logger'],
      useFactory: all ? async (a, b) => new Repository(a, b) : (a, b) => new Repository(a, b),
    },
    {
      provide: 'service',
      scope,
      inject: ['repository', 'session', 'config'],
      useFactory: all ? async (a, b, c) => new Service(a, b, c) : (a, b, c) => new Service(a, b, c),
    },
    {
      provide: 'handler',
      scope: Scope.TRANSIENT,
      inject: ['service', 'context'],
      useFactory: (a, b) => new Handler(a, b),
    },
  ])
  return {
    pool: app.get('pool'),
    single: () => app.get('config'),
    open: () => app.resolve('handler', ContextIdFactory.create()),
    // Request-scoped instances are not disposed of by the framework.
    async run() {
      const handler = await app.resolve('handler', ContextIdFactory.create())
      try {
        return handler.handle()
      } finally {
        handler.service.session.dispose()
      }
    },
  }
}

export const createSync = () => create('sync')
export const createAsync = (all) => create(all ? 'all' : 'one')

export async function build(count) {
  const providers = []
  for (let i = 0; i < count; i++) {
    const inject = i > 1 ? [`s${i - 1}`, `s${i - 2}`] : []
    providers.push({ provide: `s${i}`, inject, useFactory: (a, b) => ({ a, b }) })
  }
  const app = await start(providers)
  return () => app.get(`s${count - 1}`)
}
