import { join } from 'node:path'
import { attachDatabasePool } from '@vercel/functions'
import { lambda } from 'lexigram-edge/lambda'
import { vercel } from 'lexigram-edge/vercel'
import type { Miniflare } from 'miniflare'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { serveMongo, type MongoServer } from '../../tools/mongodb-server/serve.ts'
import { bundleWorker, startWorkerd } from '../../tools/runtimes/workerd.ts'
import { faults, startFaultProxy } from '../support/fault-proxy.ts'
import { responseOf } from '../support/lambda-result.ts'
import { eventOf, sampleOf } from '../lambda/fixtures/events.ts'
import { createVisitsApplication } from './visits-app.ts'

let server: MongoServer
let ended: (() => unknown)[] = []

beforeEach(async () => {
  server = await serveMongo()
})
afterEach(async () => {
  for (const end of ended.toReversed()) await end()
  ended = []
  await server.close()
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

const envOf = (uri = server.uri, settings: object = {}) => ({
  MONGODB_URI: uri,
  LEX_NOSQL__MONGODB__DATABASE: 'visits',
  ...settings,
})

const sockets = () => server.open().sockets

describe('a MongoDB client of an application', () => {
  it('is one, however many requests come first and at the same time', async () => {
    const app = createVisitsApplication()
    const env = envOf(server.uri, { LEX_NOSQL__MONGODB__MAX_POOL_SIZE: '1' })
    const { fetch } = vercel(app, { env })
    ended.push(() => app.stop(env))
    const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(new Request('https://x.test/a'))))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
    // One that is used and one that watches the server: a second client would have as many again.
    expect(sockets()).toBe(2)
  })

  it('has few sockets on Lambda, where requests come one at a time', async () => {
    vi.stubEnv('MONGODB_URI', server.uri)
    vi.stubEnv('LEX_NOSQL__MONGODB__DATABASE', 'visits')
    const app = createVisitsApplication()
    const handler = lambda(app)
    ended.push(() => app.stop(process.env))
    const invoke = async (path: string) => {
      const result = await handler(eventOf('http', await sampleOf(path)) as never, {} as never)
      return (await responseOf(result as never).json()) as unknown
    }
    await Promise.all(Array.from({ length: 40 }, () => invoke('/a')))
    expect(await invoke('/a')).toEqual({ visits: 41 })
    expect(sockets()).toBeLessThanOrEqual(6)
  })

  it('takes the size of the pool from the URL where it says one', async () => {
    const env = envOf(`${server.uri}&maxPoolSize=1`)
    const app = createVisitsApplication()
    const { fetch } = vercel(app, { env, attachDatabasePool: () => {} })
    ended.push(() => app.stop(env))
    await Promise.all(Array.from({ length: 20 }, () => fetch(new Request('https://x.test/a'))))
    expect(sockets()).toBe(2)
  })

  it('keeps a Vercel instance until its idle sockets are closed', async () => {
    vi.stubEnv('VERCEL_URL', 'shop.test')
    vi.stubEnv('VERCEL_REGION', 'fra1')
    const kept: Promise<unknown>[] = []
    vi.stubGlobal(Symbol.for('@vercel/request-context'), {
      get: () => ({ waitUntil: (work: Promise<unknown>) => kept.push(work) }),
    })
    const app = createVisitsApplication()
    const env = envOf(server.uri, { LEX_NOSQL__MONGODB__MAX_IDLE_TIME_MS: '50' })
    const { fetch } = vercel(app, { env, attachDatabasePool })
    ended.push(() => app.stop(env))
    expect(await (await fetch(new Request('https://x.test/a'))).json()).toEqual({ visits: 1 })
    expect(kept.length).toBeGreaterThan(0)
    const before = Date.now()
    await Promise.all(kept)
    expect(Date.now() - before).toBeLessThan(5000)
  })

  it('is closed with the application', async () => {
    const app = createVisitsApplication()
    const env = envOf()
    const { fetch } = vercel(app, { env })
    await fetch(new Request('https://x.test/a'))
    await app.stop(env)
    await expect.poll(sockets).toBe(0)
  })
})

describe('a MongoDB client in workerd', () => {
  const start = async (uri = server.uri): Promise<(path: string) => Promise<unknown[]>> => {
    const script = await bundleWorker(join(import.meta.dirname, 'visits-worker.ts'))
    const miniflare: Miniflare = await startWorkerd(script, { bindings: envOf(uri) })
    ended.push(() => miniflare.dispose())
    const url = await miniflare.ready
    return async (path) => {
      const response = await fetch(new URL(path, url))
      return [response.status, await response.json()]
    }
  }

  it('lives as long as its request', async () => {
    const send = await start()
    for (let n = 1; n <= 3; n++) {
      expect(await send('/a')).toEqual([200, { visits: n }])
      await expect.poll(sockets).toBe(0)
    }
    const answers = await Promise.all(Array.from({ length: 10 }, () => send('/b')))
    expect(answers.map(([status]) => status)).toEqual(Array.from({ length: 10 }, () => 200))
    await expect.poll(sockets).toBe(0)
    expect(await send('/transaction')).toEqual([200, { visits: 1 }])
    await expect.poll(() => server.open()).toEqual({ sockets: 0, cursors: 0, transactions: 0 })
  })

  it('leaves the next request unharmed when the server hangs for one, which ends within a bound', async () => {
    let isHung = false
    const proxy = await startFaultProxy({
      target: { host: '127.0.0.1', port: server.port },
      choose: () => (isHung ? faults.hang : faults.none),
    })
    ended.push(() => proxy[Symbol.asyncDispose]())
    const send = await start(
      `mongodb://127.0.0.1:${proxy.port}/?directConnection=true&serverSelectionTimeoutMS=500&connectTimeoutMS=500`,
    )
    expect(await send('/a')).toEqual([200, { visits: 1 }])
    isHung = true
    const before = Date.now()
    expect((await send('/a'))[0]).toBe(503)
    expect(Date.now() - before).toBeLessThan(4000)
    isHung = false
    expect(await send('/a')).toEqual([200, { visits: 2 }])
  })
})
