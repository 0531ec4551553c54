import { describe, expect, it } from 'vitest'
import { createApplication } from '../../src/runtime/application.ts'
import { serve } from './serve.ts'

const app = createApplication({
  name: 'test',
  fetch: (_request, _env, { clientAddress }) => new Response(clientAddress),
})

describe('the client’s address', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1', '127.0.0.1'],
    ['::', '127.0.0.1', '127.0.0.1'],
    ['::', '[::1]', '::1'],
  ])(
    'the client’s address, for a server that listens on %s and a client at %s, is %s',
    async (host, client, address) => {
      await using server = await serve(app, { port: 0, host, signals: [], env: {} })
      const headers = { 'x-forwarded-for': '192.0.2.1' }
      expect(await (await fetch(`http://${client}:${server.port}/`, { headers })).text()).toBe(address)
    },
  )
})
