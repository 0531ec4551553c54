import { join } from 'node:path'
import type { Miniflare } from 'miniflare'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sqlConformance } from '../../src/testing/sql/index.ts'
import { bundleWorker, startWorkerd, type WorkerdOptions } from '../../tools/runtimes/workerd.ts'
import { postgresLane, postgresServers } from '../support/postgres-lanes.ts'

const reached: readonly [string, (url: string) => WorkerdOptions][] = [
  ['through Hyperdrive', (url) => ({ hyperdrives: { HYPERDRIVE: url } })],
  ['over a socket', (url) => ({ bindings: { POSTGRES_URL: url } })],
]

describe.each(postgresServers)('the postgres driver in workerd, with %s', (server) => {
  const lane = postgresLane(server)
  let url: string
  let script: string

  beforeAll(async () => {
    if (lane.missing !== undefined) return
    url = await lane.start()
    script = await bundleWorker(join(import.meta.dirname, 'sql-conformance-worker.ts'))
  }, 60_000)
  afterAll(() => lane.stop(), 60_000)
  beforeEach((context) => context.skip(lane.missing !== undefined, lane.missing))

  describe.each(reached)('%s', (_how, options) => {
    let miniflare: Miniflare | undefined
    beforeAll(async () => {
      if (lane.missing === undefined) miniflare = await startWorkerd(script, options(url))
    })
    afterAll(() => miniflare?.dispose())

    it.each(sqlConformance())('$name', async ({ name }) => {
      const response = await fetch(await miniflare!.ready, { method: 'POST', body: name })
      expect({ status: response.status, failure: await response.text() }).toEqual({ status: 204, failure: '' })
    })
  })
})
