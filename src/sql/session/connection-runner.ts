import { UsageError } from '../../core/errors.ts'
import type { Span } from '../../core/tracing/tracer.ts'
import type { DriverSession, RowSet, Statement } from '../contract/driver.ts'
import { callDriver, type CallContext } from './calls/call-driver.ts'
import { withRetries, type SessionTransactionOptions } from './calls/retry.ts'
import { assertFree, type SessionState } from './session-state.ts'
import { assertCallsFit, assertSendable } from './statements/statement-guard.ts'
import { assertTransactionOptions } from './transactions/transaction-options.ts'

/** Sends statements. Several are one unit: all or none take effect. */
export interface Runner {
  run(statements: readonly Statement[], options?: SessionTransactionOptions): Promise<RowSet[]>
}

export interface ConnectionParts {
  readonly driver: DriverSession
  readonly context: SessionContext
  readonly state: SessionState
  readonly settings: AppliedSettings | undefined
  /** Whether the session only reads: the database then refuses everything else. */
  readonly readOnly: boolean
}

/** What goes before the statements of each call, in the same transaction. */
export interface AppliedSettings {
  statement(): Statement
  read(answer: RowSet | undefined): void
}

/** What all calls of a session have in common; how they are stopped depends on what they are part of. */
export type SessionContext = Omit<CallContext, 'underway'>

/**
 * The modes of a call, or of a transaction, as its session makes them.
 *
 * @throws UsageError when a session that only reads is asked for a transaction that writes
 */
export function sessionModes<T extends SessionTransactionOptions | undefined>(
  { readOnly }: ConnectionParts,
  options: T,
): T | SessionTransactionOptions {
  if (!readOnly) return options
  if (options?.readOnly !== false) return { ...options, readOnly: true }
  throw new UsageError('readOnly cannot be false: the session only reads', {
    hint: 'Use DbSession, or database.session() without readOnly.',
  })
}

/** Sends each call on its own: one statement as it is, several as a batch in one transaction. */
export function connectionRunner(parts: ConnectionParts): Runner {
  const { driver, context, state, settings } = parts
  const limits = { ...context, underway: state.stopCalls }
  const send = async (statements: readonly Statement[], options: SessionTransactionOptions | undefined) => {
    const [first] = statements
    if (first === undefined) return []
    const lost = options?.readOnly === true ? 'undone' : 'unknown'
    if (statements.length === 1 && options === undefined && settings === undefined) {
      return [
        await callDriver(limits, { statements, lost, alone: true }, (signal, span) =>
          driver.execute(first, { signal, span }),
        ),
      ]
    }
    const all = settings === undefined ? statements : [settings.statement(), ...statements]
    const batch = (signal: AbortSignal, span: Span | undefined) =>
      driver.batch(all, { signal, span, transaction: options ?? {} })
    const sets = await callDriver(limits, { statements: all, lost }, batch)
    settings?.read(sets[0])
    return settings === undefined ? sets : sets.slice(1)
  }
  return {
    async run(statements, options) {
      assertFree(state)
      if (options !== undefined) assertTransactionOptions(options)
      const modes = sessionModes(parts, options)
      statements.forEach((statement) => assertSendable(statement, modes))
      assertCallsFit(statements)
      const call = withRetries(limits, modes?.retry ?? 0, () => send(statements, modes))
      state.calls.add(call)
      try {
        return await call
      } finally {
        state.calls.delete(call)
      }
    },
  }
}
