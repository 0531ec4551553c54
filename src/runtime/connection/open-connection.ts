import { ConnectionError, isLexigramError } from '../../core/errors.ts'
import { assertArgument } from '../../core/assert-argument.ts'
import type { Connectable, Connection } from './connectable.ts'
import { waitFor } from './wait-for.ts'

export interface OpenOptions<Command, Answer> {
  /** In milliseconds. */
  readonly timeout: number
  /** Aborts when the connection is no longer wanted. */
  readonly signal: AbortSignal
  /** Called with a connection that opens after the caller stopped waiting. */
  readonly late: (connection: Connection<Command, Answer>) => void
}

/**
 * Opens a connection within its time.
 *
 * @throws ConnectionError `LEX_ERR_INFRA_003`, TimeoutError `LEX_ERR_INFRA_002`, or what `connect` has thrown of this
 * package's errors; UsageError `LEX_ERR_USE_001` for a value that is not a connection; the signal's reason
 */
export async function openConnection<Command, Answer>(
  connectable: Connectable<Command, Answer>,
  { timeout, signal, late }: OpenOptions<Command, Answer>,
): Promise<Connection<Command, Answer>> {
  const { name } = connectable
  const abort = new AbortController()
  const opening = connect(connectable, abort.signal)
  try {
    return await waitFor(opening, { what: `connecting to ${name}`, timeout, signal })
  } catch (error) {
    abort.abort(error)
    opening.then(late, () => {})
    if (isLexigramError(error)) throw error
    throw new ConnectionError(`the connection to ${name} cannot be opened`, { cause: error })
  }
}

/** Rejects also for a connectable that throws at once, or returns something else. */
async function connect<Command, Answer>(
  connectable: Connectable<Command, Answer>,
  signal: AbortSignal,
): Promise<Connection<Command, Answer>> {
  const connection = await connectable.connect(signal)
  assertArgument(connection, `what ${connectable.name} connects to`, {
    members: ['execute', 'ping', 'close'],
    hint: 'Return { execute, ping, close } from connect().',
  })
  return connection
}
