import { UsageError } from '../../core/errors.ts'
import { assertArgument } from '../assert-argument.ts'
import type { Connectable, Connection } from './connectable.ts'
import { ReconnectingConnection } from './reconnecting-connection.ts'

/** All times are in milliseconds; Infinity is never. */
export interface KeepConnectedOptions {
  /**
   * A connection without a sign of life for so long is asked for one before it is used: sockets die unnoticed while
   * Lambda has frozen the process. @default 5000
   */
  readonly verifyAfter?: number
  /**
   * How long the sign of life may take before the connection is given up for another one. Commands that are under way
   * on it are let end, and then it is closed. @default 1000
   */
  readonly pingTimeout?: number
  /** @default 10000 */
  readonly connectTimeout?: number
  /**
   * How long a command may take, or a `ping` that is asked for. What the server does with it afterwards is not known;
   * Infinity leaves it to the caller's signal. @default 30000
   */
  readonly commandTimeout?: number
  /** Closes what nobody has used for so long; the next command opens another one. @default never */
  readonly idleTimeout?: number
  /** Told of each connection that opens. What it throws is told to `onError`. */
  readonly onConnect?: (connection: Connection) => unknown
  /** Told when one that was given up does not close. What it throws is dropped. @default nobody is told */
  readonly onError?: (error: unknown) => unknown
  /** @default Date.now */
  readonly now?: () => number
}

/**
 * One connection that whoever holds it may share. It opens with the first command, is verified after a pause and after
 * a failure, and is replaced when it is lost or gives no sign of life. A command is never sent twice, and not at all when
 * its signal aborts while it waits for a connection.
 *
 * @throws UsageError `LEX_ERR_USE_001` for what is no connectable and times that are none. From `execute` and `ping`:
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
    hint: "Give { name: 'ledger', async connect() { … } } itself, no promise of it.",
  })
}

const times = ['verifyAfter', 'pingTimeout', 'connectTimeout', 'commandTimeout', 'idleTimeout'] as const

function assertTimes(options: KeepConnectedOptions): void {
  const wrong = times.find((name) => !((options[name] ?? 0) >= 0))
  if (wrong === undefined) return
  throw new UsageError(`${wrong} of a connection is no number from 0`, { hint: 'Give it in milliseconds.' })
}
