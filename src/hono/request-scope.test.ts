import { Hono } from 'hono'
import { expect, it } from 'vitest'
import { token } from '../core/token.ts'
import { resolve } from './request-scope.ts'

it('says how routes get a scope, in tests too, where they run without an application', async () => {
  const thrown: unknown[] = []
  const routes = new Hono()
  routes.get('/', async (c) => c.json(await resolve(c, token('Anything'))))
  routes.onError((error, c) => {
    thrown.push(error)
    return c.body(null, 500)
  })
  await routes.request('/')
  expect(thrown).toMatchObject([
    {
      code: 'LEX_ERR_USE_001',
      message: 'this request must have a scope',
      hint: expect.stringMatching(/createApplication\(.*startTestApplication\(/),
    },
  ])
})
