import { join } from 'node:path'
import pg from 'pg'
import { expect } from 'vitest'
import { openDatabase } from '../../src/sql/database.ts'
import { neon } from '../../src/sql/drivers/neon/index.ts'
import { postgres } from '../../src/sql/drivers/postgres/index.ts'
import type { DatabaseDriver } from '../../src/sql/contract/driver.ts'
import { bundleWorker, startWorkerd } from '../../tools/runtimes/workerd.ts'
import { neonLane } from '../support/neon-backends.ts'
import { postgresLane } from '../support/postgres-lanes.ts'
import type { Outcome, RunOptions } from '../support/fault-campaign.ts'
import { runOperation } from './operations.ts'

/** A driver and the server that it talks to. */
export interface FaultLane {
  readonly name: string
  readonly driver: DatabaseDriver
  readonly missing: string | undefined
  readonly pace: Pace
  /** Resolves with the connection string; tests go through a proxy on another port. */
  start(): Promise<string>
  /** Resolves when the server has nothing open any more that came through the proxy. */
  settled(): Promise<void>
  stop(): Promise<void>
}

/** How much is asked of a server so that some of it is done, also on a busy machine. */
export interface Pace {
  /** How many operations there are at a time. */
  readonly concurrency: number
  /** How long a statement and the wait for a connection may take, in milliseconds: a hang costs as much. */
  readonly limitMs: number
}

const paceOf = {
  // It has one connection: a transaction whose answer is lost keeps the others from it until its limit.
  PGlite: { concurrency: 3, limitMs: 400 },
  // A process for each connection, which starts with a slow comparison of the password.
  PostgreSQL: { concurrency: 8, limitMs: 1_500 },
} as const satisfies Readonly<Record<string, Pace>>

/** Longer than a WebSocket server waits for a closing handshake (30 s in `ws`); what leaks stays until the runtime stops. */
const limit = { timeout: 45_000 }

function overNeon(backend: 'PGlite' | 'PostgreSQL'): FaultLane {
  const lane = neonLane(backend)
  let sockets: () => number
  return {
    name: `neon over ${backend}`,
    driver: neon(),
    missing: lane.missing,
    pace: paceOf[backend],
    async start() {
      const endpoint = await lane.start()
      sockets = () => endpoint.stats.openSockets
      return endpoint.url
    },
    settled: () => expect.poll(() => sockets(), limit).toBe(0),
    stop: () => lane.stop(),
  }
}

function overPostgres(server: 'PGlite' | 'PostgreSQL'): FaultLane {
  const lane = postgresLane(server)
  let url: string
  return {
    name: `postgres over ${server}`,
    driver: postgres(),
    missing: lane.missing,
    pace: paceOf[server],
    start: async () => (url = await lane.start()),
    async settled() {
      // The embedded database has no backends; what it has open waits for the lock that the count takes.
      if (server === 'PGlite') return
      const observer = new pg.Client(url)
      await observer.connect()
      const others =
        "select count(*)::int as n from pg_stat_activity where usename = current_user and application_name = '' and pid <> pg_backend_pid()"
      const backends = async (): Promise<number> => ((await observer.query(others)).rows[0] as { n: number }).n
      try {
        await expect.poll(backends, limit).toBe(0)
      } finally {
        await observer.end()
      }
    },
    stop: () => lane.stop(),
  }
}

export const faultLanes: readonly FaultLane[] = [
  overNeon('PGlite'),
  overNeon('PostgreSQL'),
  overPostgres('PGlite'),
  overPostgres('PostgreSQL'),
]

export interface Runtime {
  run(options: RunOptions): Promise<Outcome>
  stop(): Promise<unknown>
}

export async function onNode({ driver, pace }: FaultLane, url: string): Promise<Runtime> {
  const database = await openDatabase({
    drivers: [driver],
    url,
    statementTimeoutMs: pace.limitMs,
    poolTimeoutMs: pace.limitMs,
    onWarning: () => {},
  })
  return {
    run: (options) => runOperation(database, options),
    stop: async () => database[Symbol.asyncDispose](),
  }
}

export async function inWorkerd({ driver, pace }: FaultLane, url: string): Promise<Runtime> {
  const script = await bundleWorker(join(import.meta.dirname, 'campaign-worker.ts'))
  const bindings = { DATABASE_URL: url, DRIVER: driver.name, STATEMENT_TIMEOUT: pace.limitMs }
  const miniflare = await startWorkerd(script, { bindings })
  const address = await miniflare.ready
  return {
    async run(options) {
      const response = await fetch(address, { method: 'POST', body: JSON.stringify(options) })
      // A Worker that failed says why, and nothing of what it asked for.
      return response.ok ? ((await response.json()) as Outcome) : `unexpected ${(await response.text()).slice(0, 200)}`
    },
    stop: () => miniflare.dispose(),
  }
}
