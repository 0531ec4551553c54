import type { DurableObjectNamespace, DurableObjectState, Service, WebSocket } from '@cloudflare/workers-types'
import { describe, expectTypeOf, it } from 'vitest'
import type { NotFoundError } from '../../../src/core/errors.ts'
import type { Application, Connectable, Result, Scope } from '../../../src/runtime/index.ts'
import { connectThrough } from '../connect-through.ts'
import type { ErrorData } from '../error-data.ts'
import { durableConnection } from './durable-connection.ts'
import { durableObject } from './durable-object.ts'
import { rpcService } from './rpc-service.ts'

interface Product {
  readonly id: string
  readonly stock: number
}

declare const app: Application
declare const products: { find(id: string): Promise<Result<Product, NotFoundError>> }

const Catalog = rpcService(app, {
  find: (_scope, id: string) => products.find(id),
  reserve: (_scope: Scope, id: string, count: number): Result<void, 'sold out'> =>
    id === '' || count > 1 ? { ok: false, error: 'sold out' } : { ok: true, value: undefined },
  names: async (scope) => Object.keys(scope),
})

describe('rpcService', () => {
  it('is a service binding to Cloudflare’s types, whose methods return results', () => {
    const service = {} as Service<typeof Catalog>
    expectTypeOf(service.find).parameters.toEqualTypeOf<[string]>()
    expectTypeOf<Awaited<ReturnType<typeof service.find>>>().not.toBeNever()
    expectTypeOf<Awaited<ReturnType<typeof service.find>>>().toExtend<Result<Product, ErrorData>>()
    expectTypeOf<Awaited<ReturnType<typeof service.reserve>>>().toExtend<Result<void, 'sold out' | ErrorData>>()
    expectTypeOf<Awaited<ReturnType<typeof service.names>>>().toExtend<Result<string[], ErrorData>>()
  })
})

describe('durableObject', () => {
  it('is a Durable Object to Cloudflare’s types', () => {
    const Cart = durableObject(app, {
      methods: { total: (scope, factor: number) => (scope.has({} as never) ? factor : 3) },
    })
    const namespace = {} as DurableObjectNamespace<InstanceType<typeof Cart>>
    const cart = namespace.getByName('a')
    expectTypeOf(cart.total).parameters.toEqualTypeOf<[number]>()
    expectTypeOf<Awaited<ReturnType<typeof cart.total>>>().not.toBeNever()
    expectTypeOf<Awaited<ReturnType<typeof cart.total>>>().toExtend<Result<number, ErrorData>>()
  })
})

describe('a class that extends one', () => {
  it('has the state and the environment of the platform, which its stubs have not', () => {
    class Room extends durableObject(app) {
      declare protected readonly ctx: DurableObjectState
      sockets = (): WebSocket[] => this.ctx.getWebSockets()
      names = (): string[] => Object.keys(this.env)
    }
    const namespace = {} as DurableObjectNamespace<Room>
    expectTypeOf(namespace.getByName('a')).not.toHaveProperty('ctx')
    class More extends rpcService(app, {}) {
      later = (work: Promise<unknown>): void => this.ctx.waitUntil(work)
    }
    expectTypeOf<keyof More>().toEqualTypeOf<'later' | '__WORKER_ENTRYPOINT_BRAND'>()
  })
})

describe('a Durable Object without methods', () => {
  it('has none but the platform’s', () => {
    const Cart = durableObject(app, { alarm: (_info, scope) => scope.has({} as never) })
    expectTypeOf<keyof InstanceType<typeof Cart>>().toEqualTypeOf<'fetch' | 'alarm' | '__DURABLE_OBJECT_BRAND'>()
  })
})

describe('durableConnection', () => {
  it('is what connectThrough takes', () => {
    const Ledger = durableConnection((_env: { URL: string }) => ({}) as Connectable<string, number>)
    const namespace = {} as DurableObjectNamespace<InstanceType<typeof Ledger>>
    expectTypeOf(connectThrough<string, number>).toBeCallableWith(namespace)
  })
})
