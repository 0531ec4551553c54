import { serveNeon, type NeonEndpoint, type ServeNeonOptions } from '../../src/cli/neon-local/serve.ts'
import { findPostgres, startPostgres, type PostgresCluster } from './postgres.ts'

/** The databases that tests put under the local Neon endpoint. */
export const neonBackends = ['PGlite', 'PostgreSQL'] as const

/** A local Neon endpoint for one group of tests, over a private PostgreSQL server where one was asked for. */
export interface NeonLane {
  /** The reason why these tests cannot run here, if they cannot. */
  readonly missing: string | undefined
  start(options?: ServeNeonOptions): Promise<NeonEndpoint>
  stop(): Promise<void>
}

export function neonLane(backend: (typeof neonBackends)[number]): NeonLane {
  const bin = backend === 'PostgreSQL' ? findPostgres() : undefined
  const missing = backend === 'PostgreSQL' && bin === undefined ? 'PostgreSQL is not installed' : undefined
  let cluster: PostgresCluster | undefined
  let endpoint: NeonEndpoint | undefined
  return {
    missing,
    async start(options) {
      if (bin !== undefined) cluster = await startPostgres(bin)
      return (endpoint = await serveNeon({ ...options, ...(cluster && { postgresUrl: cluster.url }) }))
    },
    async stop() {
      await endpoint?.close()
      await cluster?.stop()
    },
  }
}
