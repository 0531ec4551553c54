import { UsageError } from '../../core/errors.ts'
import { assertArgument } from '../assert-argument.ts'
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
  assertTimes(options)
  return new ReconnectingConnection(connectable, options)
}

/** @throws UsageError `LEX_ERR_USE_001` */
export function assertConnectable(value: unknown): void {
  assertArgument(value, 'the connectable', {
    members: ['connect'],
    hint: "Give { name: 'ledger', async connect() { … } } itself, not a promise of it.",
  })
}

const times = ['verifyAfter', 'pingTimeout', 'connectTimeout', 'commandTimeout', 'idleTimeout'] as const

function assertTimes(options: KeepConnectedOptions): void {
  const wrong = times.find((name) => !((options[name] ?? 0) >= 0))
  if (wrong === undefined) return
  throw new UsageError(`${wrong} of a connection must be a number of at least 0`, { hint: 'Pass milliseconds.' })
}
