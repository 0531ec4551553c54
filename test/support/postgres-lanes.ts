import { serveNeon, type NeonEndpoint } from '../../src/cli/neon-local/serve.ts'
import { findPostgres, startPostgres, type PostgresCluster } from './postgres.ts'

/** What may speak PostgreSQL's own protocol in tests. */
export const postgresServers = ['PGlite', 'PostgreSQL'] as const

/** A server for one group of tests: a private cluster, or the embedded database on a port. */
export interface PostgresLane {
  /** The reason why these tests cannot run here, if they cannot. */
  readonly missing: string | undefined
  /** Resolves with the connection string of a role that row security concerns. */
  start(): Promise<string>
  stop(): Promise<void>
}

export function postgresLane(server: (typeof postgresServers)[number]): PostgresLane {
  const bin = server === 'PostgreSQL' ? findPostgres() : undefined
  const missing = server === 'PostgreSQL' && bin === undefined ? 'PostgreSQL is not installed' : undefined
  let cluster: PostgresCluster | undefined
  let endpoint: NeonEndpoint | undefined
  return {
    missing,
    async start() {
      if (bin !== undefined) return (cluster = await startPostgres(bin)).url
      endpoint = await serveNeon({ protocolPort: 0 })
      const url = new URL(endpoint.protocolUrl ?? '')
      url.username = new URL(endpoint.url).username
      return url.href
    },
    async stop() {
      await endpoint?.close()
      await cluster?.stop()
    },
  }
}
