import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { neonLane } from '../../../test/support/neon-backends.ts'
import type { NeonEndpoint } from './serve.ts'

const lane = neonLane('PostgreSQL')
let endpoint: NeonEndpoint
beforeAll(async () => {
  if (lane.missing === undefined) endpoint = await lane.start()
}, 60_000)
afterAll(() => lane.stop(), 60_000)

async function ask(body: string): Promise<{ readonly status: number; readonly answer: unknown }> {
  const headers = { 'neon-connection-string': endpoint.url }
  const response = await fetch(endpoint.endpoint, { method: 'POST', body, headers })
  return { status: response.status, answer: await response.json() }
}

describe('the local endpoint over PostgreSQL', () => {
  it('goes on after a server that drops the connection during a query', async (context) => {
    context.skip(lane.missing !== undefined, lane.missing)
    const dropped = await ask('{"query":"select pg_terminate_backend(pg_backend_pid())","params":[]}')
    expect(dropped).toMatchObject({ status: 400, answer: { code: '57P01' } })
    expect(await ask('{"query":"select 1 as one","params":[]}')).toMatchObject({
      status: 200,
      answer: { rows: [{ one: 1 }] },
    })
  })

  it('keeps the digits of a number that JavaScript would round', async (context) => {
    context.skip(lane.missing !== undefined, lane.missing)
    expect(await ask('{"query":"select $1::int8 as n","params":[9007199254740993]}')).toMatchObject({
      answer: { rows: [{ n: '9007199254740993' }] },
    })
  })

  it('takes WebSockets on /sql', async (context) => {
    context.skip(lane.missing !== undefined, lane.missing)
    const socket = new WebSocket(`ws://127.0.0.1:${endpoint.port}/sql`)
    const opened = await new Promise<string>((resolve) => {
      socket.onopen = () => resolve('open')
      socket.onerror = () => resolve('refused')
    })
    socket.close()
    expect(opened).toBe('open')
  })
})
