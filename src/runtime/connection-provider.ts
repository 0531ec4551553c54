import { provider, type Provider, type ProviderContext } from '../container/provider.ts'
import { factory } from '../container/registration.ts'
import { token, type Token } from '../container/token.ts'
import type { Connectable, Connection } from './connectable.ts'
import { keepConnected, type KeepConnectedOptions } from './keep-connected.ts'
import { RequestContext } from './request-context.ts'

export type ConnectionProviderOptions = Omit<KeepConnectedOptions, 'onConnect'>

/**
 * Gives every scope a connection, under the same scoped token on every runtime. Underneath it is one for the application
 * where sockets outlive requests (Lambda, Vercel, Node), verified after a pause; and one for each scope, closed with it,
 * where they die with the request (Workers). It opens with the first command, not at boot. Commands that are given no
 * signal abort with the request. Readiness asks it for a sign of life.
 *
 * @example
 * import { token } from 'lexigram-edge'
 * import { connectionProvider, type Connection } from 'lexigram-edge/runtime'
 *
 * export const Ledger = token<Connection<Entry, Receipt>>('Ledger')
 * export const ledger = connectionProvider(Ledger, ({ config }) => ledgerOverTcp(config(LedgerConfig)))
 */
export function connectionProvider<Command, Answer>(
  connection: Token<Connection<Command, Answer>>,
  connectableFor: (context: ProviderContext) => Connectable<Command, Answer>,
  options: ConnectionProviderOptions = {},
): Provider {
  const Open: Token<() => Connection<Command, Answer>> = token(`open ${connection.name}`)
  const Shared: Token<Connection<Command, Answer>> = token(`shared ${connection.name}`)
  const close = (open: Connection<Command, Answer>): Promise<void> => open.close()
  return provider(connection.name, {
    register(container, context) {
      const connectable = connectableFor(context)
      const { socketsOutliveRequests, attachPool } = context.runtime
      const onConnect = ({ pool }: Connection): void => {
        if (pool !== undefined) attachPool?.(pool)
      }
      const open = (): Connection<Command, Answer> => keepConnected(connectable, { ...options, onConnect })
      container.value(Open, open)
      if (!socketsOutliveRequests) {
        const own = factory([RequestContext], (request) => forRequest(open(), request), {
          io: 'socket',
          dispose: close,
        })
        container.scoped(connection, own)
        return
      }
      container.singleton(Shared, factory([], open, { io: 'socket', dispose: close }))
      container.scoped(connection, factory([Shared, RequestContext], sharedForRequest))
    },
    async healthCheck(container) {
      if (container.has(Shared)) await container.get(Shared).ping()
      else await pingOnce(container.get(Open)())
      return 'healthy' as const
    },
  })
}

/** The signal is read with the command: making it costs a timer, which many requests never need. */
function forRequest<Command, Answer>(
  connection: Connection<Command, Answer>,
  request: RequestContext,
): Connection<Command, Answer> {
  return {
    execute: (command, signal = request.signal) => connection.execute(command, signal),
    ping: () => connection.ping(),
    close: () => connection.close(),
  }
}

/** A scope's own handle: closing it leaves the connection to the others. */
function sharedForRequest<Command, Answer>(
  shared: Connection<Command, Answer>,
  request: RequestContext,
): Connection<Command, Answer> {
  return { ...forRequest(shared, request), close: () => Promise.resolve() }
}

async function pingOnce(connection: Connection): Promise<void> {
  try {
    await connection.ping()
  } finally {
    await connection.close()
  }
}
