import { afterAll, beforeAll, beforeEach, describe, it } from 'vitest'
import { findPostgres, startPostgres, type PostgresCluster } from '../../../../tools/postgres.ts'
import { serveNeon, type NeonEndpoint } from '../../../cli/neon-local/serve.ts'
import { sqlConformance } from '../../../testing/sql-conformance/sql-conformance.ts'
import { openDatabase } from '../../database.ts'
import { neon } from './driver.ts'

describe.each([{ behind: 'PGlite' }, { behind: 'PostgreSQL' }])(
  'the neon driver, with $behind behind the endpoint',
  ({ behind }) => {
    const bin = behind === 'PostgreSQL' ? findPostgres() : undefined
    const skipped = behind === 'PostgreSQL' && bin === undefined
    let cluster: PostgresCluster | undefined
    let endpoint: NeonEndpoint

    beforeAll(async () => {
      if (skipped) return
      if (bin !== undefined) cluster = await startPostgres(bin)
      endpoint = await serveNeon(cluster && { postgresUrl: cluster.url })
    }, 60_000)
    afterAll(async () => {
      if (skipped) return
      await endpoint.close()
      await cluster?.stop()
    }, 60_000)
    beforeEach((context) => context.skip(skipped, 'PostgreSQL is not installed'))

    it.each(sqlConformance())('$name', ({ run }) =>
      run({ open: (options) => openDatabase({ ...options, drivers: [neon()], url: endpoint.url }) }),
    )
  },
)
