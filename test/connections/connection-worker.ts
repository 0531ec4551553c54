// The ledger's application, over a connection of each request's own, or over a Durable Object's.
import { connectThrough, workers, type ConnectionNamespace } from 'lexigram-edge/workers'
import { durableConnection } from 'lexigram-edge/workers/entrypoints'
import { createLedgerApplication } from './ledger-app.ts'
import { workersLedger, type Env } from './workers-ledger.ts'

interface Bindings extends Env {
  readonly LEDGER: ConnectionNamespace<unknown>
  readonly MODE: 'own' | 'durable' | 'sharded'
}

export const LedgerConnection = durableConnection(workersLedger, {
  idleTimeout: 500,
  verifyAfter: 100,
  pingTimeout: 200,
})

let next = 0

const app = createLedgerApplication(({ env }) => {
  const bindings = env as Bindings
  if (bindings.MODE === 'own') return workersLedger(bindings)
  const shards = bindings.MODE === 'sharded' ? 2 : 1
  return connectThrough(bindings.LEDGER, { shards, random: () => (next++ % 2) / 2 })
})

export default workers(app)
