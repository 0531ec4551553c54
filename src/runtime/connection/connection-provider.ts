import { notOpened, provider, type Provider, type ProviderContext, type RuntimeTraits } from '../provider.ts'
import type { Registrar } from '../../container/registrar.ts'
import { factory } from '../../container/registration.ts'
import { token, type Token } from '../../core/token.ts'
import { assertMembers, must } from '../../core/assert-options.ts'
import { assertFunction } from '../../core/plain-object.ts'
import type { Connectable, Connection } from './connectable.ts'
import { assertConnectable, assertConnectionOptions, keepConnected } from './keep-connected.ts'
import type { KeepConnectedOptions } from './reconnecting-connection.ts'
import { closedError } from './reconnecting-connection.ts'
import { RequestContext } from '../invocation/request-context.ts'

/**
 * How its connections are verified and timed. Without `onError`, the application's is called. The provider attaches pools to
 * the platform itself.
 */
export type ConnectionProviderOptions = Omit<KeepConnectedOptions, 'onConnect'>

/**
 * Provides a connection to every scope, under the same scoped token on every runtime. Where sockets outlive requests (Lambda,
 * Vercel, Node), all scopes share one connection, which is verified after a pause. Where sockets die with the request
 * (Workers), each scope has a connection and closes it. A connection opens with the first command, not at boot. Commands
 * without a signal abort with the request. Readiness pings the connection.
 *
 * `connectableFor` is called once for each boot and does no I/O; its error fails the boot. The connection behaves as that of
 * `keepConnected`, and throws the same errors. If one scope closes its connection, the others keep theirs.
 *
 * @throws UsageError `LEX_ERR_USE_001` at boot for a value that is not a connectable, and for two under one token
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
  assertMembers(connection, { name: must.beText }, 'the token of a connection')
  assertFunction(connectableFor, 'what connectionProvider calls')
  assertConnectionOptions(options)
  const Open: Token<() => Connection<Command, Answer>> = token(`open ${connection.name}`)
  const Shared: Token<Connection<Command, Answer>> = token(`shared ${connection.name}`)
  const close = (open: Connection<Command, Answer>): Promise<void> => open.close()
  const registerConnection = (
    container: Registrar,
    { socketsOutliveRequests }: RuntimeTraits,
    { open, name }: { readonly open: () => Connection<Command, Answer>; readonly name: string },
  ): void => {
    container.value(Open, open)
    if (!socketsOutliveRequests) {
      const own = factory([RequestContext], (request) => forRequest(open(), request), { io: 'socket', dispose: close })
      container.scoped(connection, own)
      return
    }
    container.singleton(Shared, factory([], open, { io: 'socket', dispose: close }))
    container.scoped(
      connection,
      factory([Shared, RequestContext], (shared, request) => sharedForRequest(name, shared, request)),
    )
  }
  return provider(connection.name, {
    choices: [
      {
        name: connection.name,
        register: (container, runtime) =>
          registerConnection(container, runtime, {
            open: notOpened,
            name: connection.name,
          }),
      },
    ],
    register(container, context) {
      const connectable = connectableFor(context)
      assertConnectable(connectable)
      const { attachPool } = context.runtime
      const onConnect = ({ pool }: Connection): void => {
        if (pool !== undefined) attachPool?.(pool)
      }
      const open = (): Connection<Command, Answer> =>
        keepConnected(connectable, { onError: context.report, ...options, onConnect })
      registerConnection(container, context.runtime, { open, name: connectable.name })
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

/** A scope's own handle: who closes it can use it no more, as on Workers, and leaves the connection to the others. */
function sharedForRequest<Command, Answer>(
  name: string,
  shared: Connection<Command, Answer>,
  request: RequestContext,
): Connection<Command, Answer> {
  let isClosed = false
  const open = (): Connection<Command, Answer> => {
    if (isClosed) throw closedError(name)
    return shared
  }
  return {
    execute: async (command, signal = request.signal) => open().execute(command, signal),
    ping: async () => open().ping(),
    async close() {
      isClosed = true
    },
  }
}

async function pingOnce(connection: Connection): Promise<void> {
  try {
    await connection.ping()
  } finally {
    await connection.close()
  }
}
