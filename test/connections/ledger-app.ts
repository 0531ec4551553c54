import { createApplication, token, type Application, type ErrorPhase } from 'lexigram-edge'
import { connectionProvider, type Connectable, type Connection, type ProviderContext } from 'lexigram-edge/runtime'
import type { Total } from './line-client.ts'

export const Ledger = token<Connection<string, Total>>('Ledger')

/** Answers `/<command>` with what the ledger answers to it. */
export function createLedgerApplication(
  connectableFor: (context: ProviderContext) => Connectable<string, Total>,
  onError: (error: unknown, phase: ErrorPhase) => void = () => {},
): Application {
  return createApplication({
    name: 'ledger',
    onError,
    providers: [connectionProvider(Ledger, connectableFor, { verifyAfter: 300, pingTimeout: 200 })],
    async fetch(request, _env, { scope }) {
      const ledger = await scope.resolve(Ledger)
      return Response.json(await ledger.execute(decodeURIComponent(new URL(request.url).pathname.slice(1))))
    },
  })
}
