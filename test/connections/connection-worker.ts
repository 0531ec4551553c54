// The ledger's application, over a connection of each request's own, or over a Durable Object's.
import { UsageError } from 'lexigram-edge/runtime'
import { connectThrough, workers, type ConnectionNamespace, type WorkersContext } from 'lexigram-edge/workers'
import { durableConnection } from 'lexigram-edge/workers/entrypoints'
import { createLedgerApplication } from './ledger-app.ts'
import { workersLedger, type Env } from './workers-ledger.ts'

interface Bindings extends Env {
  readonly LEDGER: ConnectionNamespace<unknown> & { getByName(name: string): { restart(): Promise<void> } }
  readonly MODE: 'own' | 'durable' | 'sharded' | 'broken'
}

function connectableFor(env: Bindings) {
  if (env.MODE === 'broken') throw new UsageError('no ledger is configured', { hint: 'Configure one.' })
  return workersLedger(env)
}

/** Nothing but a fault ends its connection. */
export const SteadyLedgerConnection = durableConnection(connectableFor)

const Base = durableConnection(connectableFor, { idleTimeout: 500, verifyAfter: 100, pingTimeout: 200 })

export class LedgerConnection extends Base {
  /** As the platform does whenever it pleases. */
  restart(): void {
    const { ctx } = this as unknown as { ctx: { abort(reason: string): void } }
    ctx.abort('restarted')
  }
}

let next = 0

const app = createLedgerApplication(({ env }) => {
  const bindings = env as Bindings
  if (bindings.MODE === 'own') return workersLedger(bindings)
  const shards = bindings.MODE === 'sharded' ? 2 : 1
  return connectThrough(bindings.LEDGER, { shards, random: () => (next++ % 2) / 2 })
})

const handler = workers<Bindings>(app)

export default {
  async fetch(request: Request, env: Bindings, ctx: WorkersContext): Promise<Response> {
    if (new URL(request.url).pathname !== '/restart') return handler.fetch(request, env, ctx)
    await env.LEDGER.getByName('default')
      .restart()
      .catch(() => {})
    return Response.json('restarted')
  },
}
