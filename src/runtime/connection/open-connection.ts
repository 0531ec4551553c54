import { ConnectionError, isLexigramError } from '../../core/errors.ts'
import { assertArgument } from '../assert-argument.ts'
import type { Connectable, Connection } from './connectable.ts'
import { waitFor } from './wait-for.ts'

export interface OpenOptions<Command, Answer> {
  /** In milliseconds. */
  readonly timeout: number
  /** Aborts when nobody wants the connection any more. */
  readonly signal: AbortSignal
  /** Given the connection that opens when nobody waits for it any more. */
  readonly late: (connection: Connection<Command, Answer>) => void
}

/**
 * Opens a connection within its time.
 *
 * @throws ConnectionError `LEX_ERR_INFRA_003`, TimeoutError `LEX_ERR_INFRA_002`, or what `connect` has thrown of this
 * package's errors; UsageError `LEX_ERR_USE_001` for what is no connection; the signal's reason
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
    throw new ConnectionError(`${name} could not be connected to`, { cause: error })
  }
}

/** Also a connectable that throws at once, or gives what is none. */
async function connect<Command, Answer>(
  connectable: Connectable<Command, Answer>,
  signal: AbortSignal,
): Promise<Connection<Command, Answer>> {
  const connection = await connectable.connect(signal)
  assertArgument(connection, `what ${connectable.name} connects to`, {
    members: ['execute', 'ping', 'close'],
    hint: 'Have connect() give { execute, ping, close }.',
  })
  return connection
}
