import { createApplication, token, type Application } from 'lexigram-edge'
import { connectionProvider, type Connectable, type Connection, type ProviderContext } from 'lexigram-edge/runtime'
import type { Total } from './line-client.ts'

export const Ledger = token<Connection<string, Total>>('Ledger')

/** Answers `/<command>` with what the ledger answers to it. */
export function createLedgerApplication(
  connectableFor: (context: ProviderContext) => Connectable<string, Total>,
): Application {
  return createApplication({
    name: 'ledger',
    onError: () => {},
    providers: [connectionProvider(Ledger, connectableFor, { verifyAfter: 300, pingTimeout: 200 })],
    async fetch(request, _env, { scope }) {
      const ledger = await scope.resolve(Ledger)
      try {
        return Response.json(await ledger.execute(decodeURIComponent(new URL(request.url).pathname.slice(1))))
      } catch (error) {
        // What a vendor's error says of itself is the driver's to read, wherever it was thrown.
        const { name, message, code, status = 500 } = error as Record<string, unknown>
        return Response.json({ name, message, code }, { status: status as number })
      }
    },
  })
}
