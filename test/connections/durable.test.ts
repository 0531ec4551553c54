import { join } from 'node:path'
import type { Miniflare } from 'miniflare'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bundleWorker, startWorkerd } from '../../tools/runtimes/workerd.ts'
import { serveLines, type LineServer } from './line-server.ts'

describe('a connection in workerd', () => {
  let script: string
  let server: LineServer
  let miniflare: Miniflare | undefined
  beforeAll(async () => {
    script = await bundleWorker(join(import.meta.dirname, 'connection-worker.ts'))
  })
  beforeEach(async () => {
    server = await serveLines()
  })
  afterEach(async () => {
    await miniflare?.dispose()
    await server[Symbol.asyncDispose]()
  })

  const start = async (
    mode: 'own' | 'durable' | 'sharded' | 'broken',
    object = 'LedgerConnection',
  ): Promise<(command: string) => Promise<unknown[]>> => {
    miniflare = await startWorkerd(script, {
      bindings: { MODE: mode, LEDGER_PORT: `${server.port}` },
      durableObjects: { LEDGER: object },
    })
    const url = await miniflare.ready
    return async (command) => {
      const response = await fetch(new URL(`/${encodeURI(command)}`, url))
      return [response.status, await response.json()]
    }
  }
  const twenty = Array.from({ length: 20 }, () => 'add 1')

  it('a Worker’s own connection lives as long as its request', async () => {
    const send = await start('own')
    const answers = await Promise.all(twenty.map(send))
    expect(answers.every(([status]) => status === 200)).toBe(true)
    expect(server.connections()).toBe(20)
    await expect.poll(() => server.open()).toBe(0)
  })

  it.each(['own', 'durable'] as const)('(%s) answers readiness whether requests run or it is gone', async (mode) => {
    const send = await start(mode)
    const requests = twenty.map(send)
    expect(await send('health/ready')).toMatchObject([200, { checks: [{ name: 'Ledger', status: 'healthy' }] }])
    for (const [status] of await Promise.all(requests)) expect(status).toBe(200)
    await expect.poll(() => server.open()).toBe(0)
    await server[Symbol.asyncDispose]()
    expect((await send('health/ready'))[0]).toBe(503)
  })

  describe('of a Durable Object', () => {
    it('is one for all requests, at the same time and one after another', async () => {
      const send = await start('durable', 'SteadyLedgerConnection')
      await Promise.all(twenty.map(send))
      expect(await send('add 1')).toEqual([200, { total: 21 }])
      expect(server.connections()).toBe(1)
    })

    it('is as many as there are shards', async () => {
      const send = await start('sharded', 'SteadyLedgerConnection')
      for (const command of twenty) await send(command)
      expect(server.connections()).toBe(2)
    })

    it('passes on what the server refuses, as the driver has thrown it', async () => {
      const send = await start('durable', 'SteadyLedgerConnection')
      expect(await send('burn 1')).toEqual([500, { name: 'Error', message: 'unknown command', code: 'E_UNKNOWN' }])
      expect(await send('add 1')).toEqual([200, { total: 1 }])
      expect(server.connections()).toBe(1)
    })

    it.each(['drop', 'fallSilent', 'dropWhenAsked'] as const)(
      'is replaced after a pause in which the server did %s',
      async (fault) => {
        const send = await start('durable')
        await send('add 1')
        server[fault]()
        await new Promise((resolve) => setTimeout(resolve, 150))
        expect(await send('add 1')).toEqual([200, { total: 2 }])
        expect([server.connections(), server.commands]).toEqual([2, ['add 1', 'add 1']])
      },
    )

    it('sends no command twice when it breaks', async () => {
      const send = await start('durable')
      await send('add 1')
      server.fallSilent()
      const answers = twenty.map(send)
      await expect.poll(() => server.commands.length).toBe(21)
      server.drop()
      for (const [status] of await Promise.all(answers)) expect(status).toBe(503)
      expect((await send('add 1'))[0]).toBe(200)
      expect(server.commands.length).toBe(22)
    })

    it('carries many commands at the same time', async () => {
      const send = await start('durable', 'SteadyLedgerConnection')
      const answers = await Promise.all(Array.from({ length: 300 }, () => send('add 1')))
      expect(answers.every(([status]) => status === 200)).toBe(true)
      expect([server.connections(), server.commands.length]).toEqual([1, 300])
    })

    it('is not closed under a command that takes longer than the idle time', async () => {
      const send = await start('durable')
      expect((await send('wait 800'))[0]).toBe(200)
      expect(server.connections()).toBe(1)
    })

    it('is another one when the platform has restarted the object', async () => {
      const send = await start('durable')
      const waiting = send('wait 5000')
      await expect.poll(() => server.commands.length).toBe(1)
      await send('restart')
      expect(await waiting).toMatchObject([503, { message: 'the Durable Object cannot be reached' }])
      expect((await send('add 1'))[0]).toBe(200)
      expect([server.connections(), server.commands]).toEqual([2, ['wait 5000', 'add 1']])
    })

    it('says why the object cannot make one', async () => {
      const send = await start('broken')
      const expected = { name: 'UsageError', message: 'no ledger is configured', code: 'LEX_ERR_USE_001' }
      for (let i = 0; i < 2; i++) expect(await send('add 1')).toEqual([500, expected])
    })

    it('opens again after it was closed as idle', async () => {
      const send = await start('durable')
      await send('add 1')
      await expect.poll(() => server.open()).toBe(0)
      expect(await send('add 1')).toEqual([200, { total: 2 }])
      expect(server.connections()).toBe(2)
    })

    it('a connection of a Durable Object that cannot be opened is tried again with the next request', async () => {
      const send = await start('durable')
      const { port } = server
      await server[Symbol.asyncDispose]()
      const expected = {
        name: 'ConnectionError',
        message: 'the connection to ledger cannot be opened',
        code: 'LEX_ERR_INFRA_003',
      }
      expect(await send('add 1')).toEqual([503, expected])
      server = await serveLines(port)
      expect(await send('add 1')).toEqual([200, { total: 1 }])
    })
  })
})
