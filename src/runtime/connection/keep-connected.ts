import { assertOptions, must, type OptionCheck } from '../../core/assert-options.ts'
import { assertArgument } from '../../core/assert-argument.ts'
import type { Connectable, Connection } from './connectable.ts'
import { ReconnectingConnection, type KeepConnectedOptions } from './reconnecting-connection.ts'

/**
 * One connection that all its holders may share. It opens with the first command, is verified after a pause and after
 * a failure, and is replaced when it is lost or does not answer. A command is never sent twice, and not at all when
 * its signal aborts while it waits for a connection.
 *
 * @throws UsageError `LEX_ERR_USE_001` for a value that is not a connectable and for malformed times. From `execute` and `ping`:
 * ConnectionError `LEX_ERR_INFRA_003` when none can be opened, TimeoutError `LEX_ERR_INFRA_002` when that or a command
 * takes too long, the signal's reason when it aborts, UsageError after `close`; else what the connection rejects with
 */
export function keepConnected<Command, Answer>(
  connectable: Connectable<Command, Answer>,
  options: KeepConnectedOptions = {},
): Connection<Command, Answer> {
  assertConnectable(connectable)
  assertOptions(options, optionChecks, 'the options of keepConnected')
  return new ReconnectingConnection(connectable, options)
}

/** @throws UsageError `LEX_ERR_USE_001` */
export function assertConnectable(value: unknown): void {
  assertArgument(value, 'the connectable', {
    members: ['connect'],
    hint: "Give { name: 'ledger', async connect() { … } } itself, not a promise of it.",
  })
}

const optionChecks = {
  verifyAfter: must.beNumberFrom(0),
  pingTimeout: must.beNumberFrom(0),
  connectTimeout: must.beNumberFrom(0),
  commandTimeout: must.beNumberFrom(0),
  idleTimeout: must.beNumberFrom(0),
  onConnect: must.beFunction,
  onError: must.beFunction,
  now: must.beFunction,
} satisfies Readonly<Record<keyof KeepConnectedOptions, OptionCheck>>

/**
 * Refuses options that `keepConnected` would refuse later, for what passes them on. `onConnect` is its own.
 *
 * @throws UsageError `LEX_ERR_USE_001`
 * @example
 * import { assertConnectionOptions, keepConnected, type ConnectionProviderOptions } from 'lexigram-edge/runtime'
 *
 * export function ledgerLater(options: ConnectionProviderOptions) {
 *   assertConnectionOptions(options)
 *   return () => keepConnected(ledgerOverTcp(), options)
 * }
 */
export function assertConnectionOptions(options: Omit<KeepConnectedOptions, 'onConnect'>): void {
  const { onConnect: _, ...checks } = optionChecks
  assertOptions(options, checks, 'the options of a connection')
}
