import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import * as setting from '../core/setting/schema.ts'
import { valid } from './valid.ts'

const routes = new Hono()
  .post('/', valid(setting.object({ id: setting.string() })), (c) => c.json(c.req.valid('json')))
  .get('/', valid(z.object({ size: z.coerce.number(), tag: z.array(z.string()) }), 'query'), (c) =>
    c.json(c.req.valid('query')),
  )
  .get('/:id', valid(z.object({ id: z.uuid() }), 'param'), (c) => c.json(c.req.valid('param')))
  .delete('/', valid(z.object({ 'x-reason': z.string() }), 'header'), (c) => c.json(c.req.valid('header')))

const post = (body: string) => routes.request('/', { method: 'POST', body })

describe('valid', () => {
  it('hands the body to the handler as the schema lets it through', async () => {
    expect(await (await post('{"id":"a"}')).json()).toEqual({ id: 'a' })
  })

  it('answers 400 for a body that is not JSON', async () => {
    expect((await post('{')).status).toBe(400)
  })

  it('answers 422 with the path for a body that does not fit', async () => {
    const refused = await post('{"id":1}')
    expect(refused.status).toBe(422)
    expect(refused.headers.get('content-type')).toContain('application/problem+json')
    expect(await refused.json()).toMatchObject({
      detail: 'the body must fit the schema',
      issues: [{ path: ['id'] }],
    })
  })

  it('reads a query, whose values may be lists', async () => {
    const response = await routes.request('/?size=3&tag=a&tag=b')
    expect(await response.json()).toEqual({ size: 3, tag: ['a', 'b'] })
    const refused = await routes.request('/?size=x&tag=a&tag=b')
    expect(await refused.json()).toMatchObject({
      detail: 'the query must fit the schema',
      issues: [{ path: ['size'] }],
    })
  })

  it('reads path parameters and headers', async () => {
    expect((await routes.request('/nobody')).status).toBe(422)
    const headers = { 'X-Reason': 'sold' }
    expect(await (await routes.request('/', { method: 'DELETE', headers })).json()).toEqual({ 'x-reason': 'sold' })
    const refused = await routes.request('/', { method: 'DELETE' })
    expect(await refused.json()).toMatchObject({ detail: 'the headers must fit the schema' })
  })
})
