import { Hono } from 'hono'
import { hc, type InferRequestType, type InferResponseType } from 'hono/client'
import { expectTypeOf, it } from 'vitest'
import type { ConflictError, NotFoundError } from '../core/errors.ts'
import type { ProblemDetails } from '../core/problem-details.ts'
import { ok, type Result } from '../core/result/result.ts'
import * as setting from '../core/setting/schema.ts'
import { respond } from './respond.ts'
import { valid } from './valid.ts'

interface Product {
  readonly id: string
  readonly added: Date
}
declare function find(id: string): Promise<Result<Product, NotFoundError>>
declare function remove(id: string): Promise<Result<void, ConflictError>>

const NewProduct = setting.object({ id: setting.string(), stock: setting.withDefault(setting.int(), 0) })
const Filter = setting.object({
  size: setting.int(),
  order: setting.withDefault(setting.oneOf(['name', 'price']), 'name'),
  tags: setting.optional(setting.list(setting.string())),
})

const routes = new Hono()
  .get('/products/:id', async (c) => respond(c, await find(c.req.param('id'))))
  .delete('/products/:id', async (c) => respond(c, await remove(c.req.param('id'))))
  .post('/products', valid(NewProduct), async (c) => respond(c, ok(c.req.valid('json')), { status: 201 }))
  .get('/products', valid(Filter, 'query'), (c) => c.json({ size: c.req.valid('query').size }))

const client = hc<typeof routes>('http://x.test')

it('has the value and the problem of an answer, by its status', () => {
  type Get = (typeof client.products)[':id']['$get']
  expectTypeOf<InferResponseType<Get, 200>>().toEqualTypeOf<{ readonly id: string; readonly added: string }>()
  expectTypeOf<InferResponseType<Get, 404>['code']>().toEqualTypeOf<ProblemDetails['code']>()
  expectTypeOf<InferResponseType<(typeof client.products)[':id']['$delete'], 204>>().toEqualTypeOf<null>()
})

it('has the body that a validator takes, and what a handler gets of it', () => {
  type Post = typeof client.products.$post
  expectTypeOf<InferRequestType<Post>['json']>().branded.toEqualTypeOf<{
    readonly id: string
    readonly stock?: number | string | undefined
  }>()
  expectTypeOf<InferResponseType<Post, 201>>().toEqualTypeOf<{ readonly id: string; readonly stock: number }>()
  expectTypeOf<InferResponseType<Post, 422>['detail']>().toEqualTypeOf<string | undefined>()
  // @ts-expect-error: the body has no id
  void client.products.$post({ json: { stock: 1 } })
  // @ts-expect-error: the id must be text
  void client.products.$post({ json: { id: 1 } })
})

it('has the query that a validator takes, as text', () => {
  expectTypeOf<InferRequestType<typeof client.products.$get>['query']>().branded.toEqualTypeOf<{
    readonly size: string
    readonly order?: 'name' | 'price' | undefined
    readonly tags?: string | string[] | undefined
  }>()
  expectTypeOf<InferResponseType<typeof client.products.$get, 200>>().toEqualTypeOf<{ size: number }>()
})
