import { TimeoutError, UsageError } from '../../../core/errors.ts'
import type { DriverTransaction, RowSet, Statement, TransactionOptions } from '../../contract/driver.ts'
import { TransactionError } from '../../errors.ts'
import { callDriver } from '../calls/call-driver.ts'
import { sessionModes, type ConnectionParts } from '../connection-runner.ts'
import { assertSendable } from '../statements/statement-guard.ts'
import type { TransactionSteps } from './transaction-runner.ts'

/** Longest time for the rollback of an aborted transaction: no caller waits for it, and the connection can be cut. */
const lateRollbackMs = 1_000

const named = (text: string): readonly Statement[] => [{ text, params: [] }]

/**
 * A transaction on its own connection, with the session's settings.
 *
 * @throws UsageError when the driver has no interactive transactions
 */
export function connectionSteps(parts: ConnectionParts, asked: TransactionOptions): TransactionSteps {
  const { driver, settings, state } = parts
  const options = sessionModes(parts, asked)
  const context = { ...parts.context, underway: state.stopTransaction }
  if (driver.begin === undefined) {
    throw new UsageError('the driver cannot run interactive transactions', { hint: 'Use batch or atomic.' })
  }
  const open = driver.begin.bind(driver)
  let transaction: DriverTransaction | undefined
  const current = (): DriverTransaction => {
    if (transaction === undefined) throw new TransactionError('the statement cannot run: its transaction has ended')
    return transaction
  }
  const send = (statement: Statement): Promise<RowSet> => {
    const call = { statements: [statement], lost: 'undone' } as const
    return callDriver(context, call, (signal, span) => current().execute(statement, { signal, span }))
  }
  /** The answer of the settings, where statements are sent after them without waiting for it. */
  let applied: Promise<void> | undefined
  const rollback = async (): Promise<void> => {
    const last = current()
    transaction = undefined
    await rollBack(parts, last)
  }
  return {
    pipelines: driver.pipelines === true,
    async begin() {
      const roundTrips = driver.pipelines === true ? 0 : 1
      const call = { statements: named('begin'), lost: 'undone', roundTrips } as const
      transaction = await callDriver(context, call, async (signal, span) => {
        const begun = await open({ signal, span, transaction: options })
        if (!signal.aborted) return begun
        await rollBack(parts, begun)
        throw new TimeoutError('the transaction cannot continue: it was aborted before it began')
      })
      if (settings === undefined) return
      applied = send(settings.statement()).then((answer) => settings.read(answer))
      // Its failure is that of the statements after it.
      if (driver.pipelines === true) return void applied.catch(() => undefined)
      try {
        await applied
      } catch (error) {
        await rollback()
        throw error
      }
    },
    assertSendable: (statement) => assertSendable(statement, options),
    async execute(statement) {
      const [, rows] = await Promise.all([applied, send(statement)])
      return rows
    },
    async commit() {
      const last = current()
      const lost = options.readOnly === true ? 'undone' : 'unknown'
      let tag: string
      try {
        tag = await callDriver(context, { statements: named('commit'), lost }, (signal, span) =>
          last.commit({ signal, span }),
        )
      } catch (error) {
        // Given up before it was sent, it would stay open; after that, this does nothing.
        await rollback()
        throw error
      }
      transaction = undefined
      if (tag === 'ROLLBACK') {
        throw new TransactionError('the transaction cannot commit: the database rolled it back')
      }
    },
    rollback,
  }
}

/**
 * Rolls back, bounded by time alone: the caller and the session may be gone. Does not fail: a driver that gets no answer
 * cuts the connection, and the database then rolls back.
 */
async function rollBack({ context, state }: ConnectionParts, transaction: DriverTransaction): Promise<void> {
  const isLate = state.ended || context.signal()?.aborted === true
  const limits = {
    ...context,
    signal: () => undefined,
    underway: new Set<never>(),
    timeoutMs: isLate ? Math.min(context.timeoutMs, lateRollbackMs) : context.timeoutMs,
  }
  const call = { statements: named('rollback'), lost: 'undone' } as const
  await callDriver(limits, call, (signal, span) => transaction.rollback({ signal, span })).catch(() => undefined)
}
