import { Hono } from 'hono'
import { ipRestriction } from 'hono/ip-restriction'
import { describe, expect, it } from 'vitest'
import { createApplication } from '../runtime/application.ts'
import { sharedRuntime } from '../runtime/runtime-traits.ts'
import { getConnInfo } from './conn-info.ts'

function send(routes: Hono, address: string | undefined): Promise<Response> {
  const app = createApplication({ name: 'test', fetch: routes.fetch, onError: () => {} })
  const invocation = { env: {}, waitUntil: () => {}, clientAddress: () => address }
  return app.handle(new Request('https://x.test/'), invocation, sharedRuntime)
}

describe('getConnInfo', () => {
  it.each([
    ['192.0.2.1', { remote: { address: '192.0.2.1', addressType: 'IPv4' } }],
    ['2001:db8::1', { remote: { address: '2001:db8::1', addressType: 'IPv6' } }],
    [undefined, { remote: {} }],
  ])('has the address %s that the adapter knows', async (address, info) => {
    const response = await send(
      new Hono().get('/', (c) => c.json(getConnInfo(c))),
      address,
    )
    expect(await response.json()).toEqual(info)
  })

  it.each([
    ['192.0.2.1', 200],
    ['198.51.100.1', 403],
    [undefined, 403],
  ])('has Hono’s restriction answer %s with %i', async (address, status) => {
    const routes = new Hono().use(ipRestriction(getConnInfo, { denyList: [], allowList: ['192.0.2.0/24'] }))
    routes.get('/', (c) => c.text('in'))
    expect((await send(routes, address)).status).toBe(status)
  })

  it('says how routes get a scope where they run without an application', async () => {
    const thrown: unknown[] = []
    const routes = new Hono().get('/', (c) => c.json(getConnInfo(c)))
    routes.onError((error, c) => (thrown.push(error), c.body(null, 500)))
    await routes.request('/')
    expect(thrown).toMatchObject([{ code: 'LEX_ERR_USE_001' }])
  })
})
