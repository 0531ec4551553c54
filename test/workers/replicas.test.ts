import { join } from 'node:path'
import type { Miniflare } from 'miniflare'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveNeon, type NeonEndpoint } from '../../src/cli/neon-local/serve.ts'
import { bundleWorker, startWorkerd, type WorkerdOptions } from '../../tools/runtimes/workerd.ts'
import { describeWithServer } from '../support/needs-server.ts'
import { findPostgres, startPostgres, type PostgresCluster, type PostgresReplica } from '../support/postgres.ts'

const bin = findPostgres()

/** Where the databases are: the first, its replica, and another one. */
type Urls = readonly [main: string, replica: string, analytics: string]

const variables = ([main, replica, analytics]: Urls) => ({
  LEX_DATABASE__BACKENDS__0__URL: main,
  LEX_DATABASE__BACKENDS__0__REPLICAS__0: replica,
  LEX_DATABASE__BACKENDS__1__URL: analytics,
})
const names = {
  LEX_DATABASE__BACKENDS__0__NAME: 'main',
  LEX_DATABASE__BACKENDS__1__NAME: 'analytics',
  CURSOR_SECRET: 'sixteen bytes or more',
}

describeWithServer('PostgreSQL', bin !== undefined, () => {
  let cluster: PostgresCluster
  let replica: PostgresReplica
  let script: string
  const endpoints: NeonEndpoint[] = []
  const lanes: Record<string, WorkerdOptions> = {}

  beforeAll(async () => {
    cluster = await startPostgres(bin!)
    const owner = new pg.Client(cluster.superuserUrl)
    await owner.connect()
    await owner.query('create database analytics')
    await owner.end()
    replica = await cluster.follow()
    const urls: Urls = [cluster.url, replica.url, cluster.url.replace(/postgres$/, 'analytics')]
    for (const postgresUrl of urls) endpoints.push(await serveNeon({ postgresUrl }))
    lanes['Hyperdrive'] = { hyperdrives: variables(urls), bindings: names }
    const overNeon = variables(endpoints.map(({ url }) => url) as unknown as Urls)
    lanes['Neon'] = { bindings: { ...names, ...overNeon } }
    script = await bundleWorker(join(import.meta.dirname, 'replicas-worker.ts'))
  }, 120_000)
  afterAll(async () => {
    for (const endpoint of endpoints) await endpoint.close()
    await cluster?.stop()
  }, 60_000)

  describe.each(['Hyperdrive', 'Neon'])('several databases over %s in workerd', (lane) => {
    let miniflare: Miniflare | undefined
    beforeAll(async () => {
      const compatibilityFlags = ['nodejs_compat', 'enable_request_signal']
      miniflare = await startWorkerd(script, { ...lanes[lane], compatibilityFlags })
    })
    afterAll(() => miniflare?.dispose())
    const get = async (path: string): Promise<unknown> => (await fetch(new URL(path, await miniflare!.ready))).json()

    it('a request asks each of them at once', async () => {
      expect(await get('/where')).toEqual({
        rows: [
          { replica: false, name: 'postgres' },
          { replica: true, name: 'postgres' },
          { replica: false, name: 'analytics' },
        ],
        asked: ['main', 'main.replicas.0', 'analytics'],
      })
    })

    it('repositories of a scope read from a replica', async () => {
      expect(await get('/read')).toEqual([expect.objectContaining({ replica: true })])
    })

    it('what only reads is refused a write', async () => {
      expect(await get('/write')).toMatchObject({ code: 'LEX_ERR_SQL_005', details: { sqlState: '25006' } })
    })

    it('each is healthy by name', async () => {
      expect(await get('/health')).toEqual({ main: 'healthy', 'main.replicas.0': 'healthy', analytics: 'healthy' })
    })
  })

  it('reads go on while the replica is stopped, which its health says', async () => {
    await replica.stop()
    const compatibilityFlags = ['nodejs_compat', 'enable_request_signal']
    const miniflare = await startWorkerd(script, { ...lanes['Hyperdrive'], compatibilityFlags })
    try {
      const get = async (path: string): Promise<unknown> => (await fetch(new URL(path, await miniflare.ready))).json()
      expect(await get('/read')).toEqual([{ replica: false, name: 'postgres' }])
      expect(await get('/health')).toEqual({ main: 'healthy', 'main.replicas.0': 'unhealthy', analytics: 'healthy' })
    } finally {
      await miniflare.dispose()
    }
  })
})
