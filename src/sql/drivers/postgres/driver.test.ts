import { afterAll, beforeAll, beforeEach, describe, it } from 'vitest'
import { postgresLane, postgresServers } from '../../../../test/support/postgres-lanes.ts'
import { sqlConformance } from '../../../testing/sql/sql-conformance.ts'
import { openDatabase } from '../../database.ts'
import { postgres } from './driver.ts'

describe.each(postgresServers)('the postgres driver, with %s', (server) => {
  const lane = postgresLane(server)
  let url: string

  beforeAll(async () => {
    if (lane.missing === undefined) url = await lane.start()
  }, 60_000)
  afterAll(() => lane.stop(), 60_000)
  beforeEach((context) => context.skip(lane.missing !== undefined, lane.missing))

  describe('one pool for all sessions', () => {
    it.each(sqlConformance())('$name', ({ run }) =>
      run({ open: (options) => openDatabase({ ...options, drivers: [postgres()], url }) }),
    )
  })

  describe('a connection for each session', () => {
    it.each(sqlConformance())('$name', ({ run }) =>
      run({
        open: (options) => openDatabase({ ...options, drivers: [postgres()], url, socketsOutliveRequests: false }),
      }),
    )
  })
})
