import { join } from 'node:path'
import type { Miniflare } from 'miniflare'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../examples/app/app.ts'
import { migrations } from '../../examples/app/migrations.ts'
import { serveNeon, type NeonEndpoint } from '../../src/cli/neon-local/serve.ts'
import { PGlite } from '@electric-sql/pglite'
import { createMigrator, openDatabase } from 'lexigram-edge/sql'
import { memory } from 'lexigram-edge/nosql/memory'
import { neon } from 'lexigram-edge/sql/neon'
import { exampleEnv } from '../../tools/runtimes/example.ts'
import { root } from '../../tools/commands/steps.ts'
import { bundleWorker, startWorkerd } from '../../tools/runtimes/workerd.ts'

let script: string
let database: PGlite
let endpoint: NeonEndpoint
let worker: Miniflare

beforeAll(async () => {
  script = await bundleWorker(join(root, 'examples/worker/index.ts'))
  database = await PGlite.create()
  endpoint = await serveNeon({ backend: database })
  const opened = await openDatabase({ drivers: [neon()], url: endpoint.url })
  await createMigrator({ database: opened, migrations }).apply()
  worker = await startWorkerd(script, { bindings: { DATABASE_URL: endpoint.url, ...exampleEnv } })
})
afterAll(async () => {
  await worker.dispose()
  await endpoint.close()
  await database.close()
})

const send = async (path: string, init?: RequestInit): Promise<Response> =>
  fetch(new URL(path, await worker.ready), init)
const post = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

describe('a database that goes away', () => {
  it('costs only the requests in flight a 503', async () => {
    expect((await send('/products', post({ id: 'tea', name: 'Tea' }))).status).toBe(201)
    const { port } = endpoint
    const underway = Array.from({ length: 30 }, async (_, i) => {
      // Staggered, so that some are sent before, some while and some after the database goes.
      await new Promise((resolve) => setTimeout(resolve, i))
      return (await send('/products/tea/stock', { ...post({ by: 1 }), method: 'PATCH' })).status
    })
    await new Promise((resolve) => setTimeout(resolve, 12))
    await endpoint.close()
    const statuses = await Promise.all(underway)
    expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([])
    expect(statuses).toContain(503)

    const down = await send('/products')
    expect(down.status).toBe(503)
    expect(await down.text()).not.toMatch(/127\.0\.0\.1|lexigram:lexigram/)
    expect((await send('/health/ready')).status).toBe(503)
    expect((await send('/health/live')).status).toBe(200)

    endpoint = await serveNeon({ backend: database, port })
    const stock = ((await (await send('/products/tea')).json()) as { stock: number }).stock
    // What was answered with 200 is there; what was answered with 503 may be, as always when the answer is lost.
    expect(stock).toBeGreaterThanOrEqual(statuses.filter((status) => status === 200).length)
    expect(stock).toBeLessThanOrEqual(statuses.length)
    expect((await send('/health/ready')).status).toBe(200)
  })
})

describe('a wrong environment', () => {
  const env = { DATABASE_URL: 'hunter2-is-no-url', LEX_CATALOG__PAGE_SIZE: 'many' }

  it('is a boot error that names every variable and no value', async () => {
    const error: unknown = await createApp({ sql: [neon()], nosql: [memory()], onError: () => {} })
      .boot(env)
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'LEX_ERR_CFG_001' })
    expect((error as Error).message).toMatch(/DATABASE_URL/)
    expect((error as Error).message).toMatch(/LEX_CATALOG__PAGE_SIZE/)
    expect((error as Error).message).not.toMatch(/hunter2|many/)
  })

  it('is a 503 without a secret for callers of the Worker', async () => {
    const broken = await startWorkerd(script, { bindings: env })
    try {
      const response = await fetch(new URL('/products', await broken.ready))
      expect(response.status).toBe(503)
      expect(await response.text()).not.toMatch(/hunter2|DATABASE_URL/)
    } finally {
      await broken.dispose()
    }
  })
})
