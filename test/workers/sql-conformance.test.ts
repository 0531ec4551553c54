import { join } from 'node:path'
import type { Miniflare } from 'miniflare'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sqlConformance } from '../../src/testing/sql/index.ts'
import { bundleWorker, startWorkerd } from '../../tools/runtimes/workerd.ts'
import { neonBackends, neonLane } from '../support/neon-backends.ts'

describe.each(neonBackends)('the neon driver in workerd, with %s behind the endpoint', (backend) => {
  const lane = neonLane(backend)
  let miniflare: Miniflare | undefined

  beforeAll(async () => {
    if (lane.missing !== undefined) return
    const endpoint = await lane.start()
    const script = await bundleWorker(join(import.meta.dirname, 'sql-conformance-worker.ts'))
    miniflare = await startWorkerd(script, { bindings: { NEON_URL: endpoint.url } })
  })
  afterAll(async () => {
    await miniflare?.dispose()
    await lane.stop()
  })
  beforeEach((context) => context.skip(lane.missing !== undefined, lane.missing))

  it.each(sqlConformance())('$name', async ({ name }) => {
    const response = await fetch(await miniflare!.ready, { method: 'POST', body: name })
    expect({ status: response.status, failure: await response.text() }).toEqual({ status: 204, failure: '' })
  })
})
