import { neon } from '@neondatabase/serverless'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { NeonEndpoint, ServeNeonOptions } from '../../src/cli/neon-local/serve.ts'
import { neonLane, type neonBackends } from './neon-backends.ts'
import { useEndpoint } from './neon-vendor.ts'

export interface NeonNotes {
  readonly endpoint: NeonEndpoint
  /** The vendor's query function over HTTP. */
  sql(): ReturnType<typeof vendorSql>
}

/** A local endpoint for the tests of one group, with an empty table `notes` before each of them. */
export function neonNotes(backend: (typeof neonBackends)[number], options?: ServeNeonOptions): NeonNotes {
  const lane = neonLane(backend)
  let endpoint: NeonEndpoint | undefined
  const notes: NeonNotes = {
    get endpoint() {
      if (endpoint === undefined) throw new Error('the endpoint must be started first')
      return endpoint
    },
    sql: () => vendorSql(notes.endpoint.url),
  }
  beforeAll(async () => {
    if (lane.missing !== undefined) return
    endpoint = await lane.start(options)
    useEndpoint(endpoint)
  }, 60_000)
  afterAll(() => lane.stop(), 60_000)
  beforeEach(async (context) => {
    context.skip(lane.missing !== undefined, lane.missing)
    await notes.sql()`drop table if exists notes`
    await notes.sql()`create table notes (id int primary key, body text not null)`
  })
  return notes
}

function vendorSql(url: string) {
  return neon(url, { fullResults: true })
}
