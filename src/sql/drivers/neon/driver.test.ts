import { afterAll, beforeAll, beforeEach, describe, it } from 'vitest'
import { neonBackends, neonLane } from '../../../../test/support/neon-backends.ts'
import type { NeonEndpoint } from '../../../cli/neon-local/serve.ts'
import { sqlConformance } from '../../../testing/sql/sql-conformance.ts'
import { openDatabase } from '../../database.ts'
import { neon } from './driver.ts'

describe.each(neonBackends)('the neon driver, with %s behind the endpoint', (backend) => {
  const lane = neonLane(backend)
  let endpoint: NeonEndpoint

  beforeAll(async () => {
    if (lane.missing === undefined) endpoint = await lane.start()
  }, 60_000)
  afterAll(() => lane.stop(), 60_000)
  beforeEach((context) => context.skip(lane.missing !== undefined, lane.missing))

  it.each(sqlConformance())('$name', ({ run }) =>
    run({ open: (options) => openDatabase({ ...options, drivers: [neon()], url: endpoint.url }) }),
  )
})
