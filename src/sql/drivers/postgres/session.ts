import type { Span } from '../../../core/tracing/tracer.ts'
import type {
  BeginOptions,
  CallOptions,
  DriverSession,
  DriverTransaction,
  Statement,
  TransactionOptions,
} from '../../contract/driver.ts'
import { UsageError } from '../../../core/errors.ts'
import { surelyLeavesState } from '../../contract/leaves-state.ts'
import type { TaggedRows } from '../../contract/tagged-rows.ts'
import { transactionModes } from '../../contract/transaction-modes.ts'
import { TransactionError } from '../../errors.ts'
import { ConnectionLimit } from '../../session/calls/connection-limit.ts'
import { endedError } from '../../session/calls/given-up.ts'
import { noteFree, waitInSpan } from '../../session/calls/traced-wait.ts'
import { pipelinedTransaction } from '../../wire/pipelined-transaction.ts'
import type { Lease, PostgresPool } from './pool.ts'

export interface PostgresSessionParts {
  readonly pool: PostgresPool
  /** Whether the pool is this session's, and ends with it. */
  readonly ownsPool: boolean
  /** Longest wait for the calls before, in milliseconds. */
  readonly timeoutMs: number
  /**
   * Whether a pooler in transaction mode is in front of the server: another client would find what a statement leaves.
   */
  readonly behindPooler: boolean
  /** The name of the database in traces; undefined for the only one. */
  readonly name: string | undefined
}

/**
 * A session has one connection while it does something, and none in between: as many requests as there are connections
 * can be served at a time, and none of them waits for a second one while it holds the first.
 */
export function postgresSession({
  pool,
  ownsPool,
  timeoutMs,
  behindPooler,
  name,
}: PostgresSessionParts): DriverSession {
  const turns = new ConnectionLimit(1, timeoutMs)
  const leases = new Set<Lease>()
  let closed = false

  const take = async (signal: AbortSignal): Promise<Lease> => {
    const endTurn = await turns.acquire(signal)
    try {
      if (closed) throw endedError()
      const { connection, end } = await pool.lease(signal)
      const lease: Lease = {
        connection,
        end() {
          leases.delete(lease)
          end()
          endTurn()
        },
      }
      if (closed) {
        end()
        throw endedError()
      }
      leases.add(lease)
      return lease
    } catch (error) {
      endTurn()
      throw error
    }
  }
  const obtain = ({ signal, span }: CallOptions): Promise<Lease> => {
    if (span === undefined) return take(signal)
    if (!turns.isFree || !pool.isReady) return takeInSpan(span, signal)
    noteFree(span, name)
    return take(signal)
  }
  const assertFit = (statement: Statement): void => {
    if (behindPooler && surelyLeavesState(statement)) throw leftStateError()
  }
  const takeInSpan = (span: Span, signal: AbortSignal) => waitInSpan(span, name, () => take(signal))
  return {
    pipelines: true,
    async execute(statement, call) {
      assertFit(statement)
      const lease = await obtain(call)
      try {
        return await lease.connection.run(statement, call.signal)
      } finally {
        lease.end()
      }
    },
    async batch(statements, options) {
      const { signal, transaction } = options
      statements.forEach(assertFit)
      const lease = await obtain(options)
      const all = [beginWith(transaction), ...statements, { text: 'commit', params: [] }]
      try {
        const answers = await Promise.all(lease.connection.send(all, [signal]))
        if (answers.at(-1)?.tag !== 'COMMIT')
          throw new TransactionError('the batch cannot commit: the database rolled it back')
        return answers.slice(1, -1)
      } catch (error) {
        await undo(lease, signal)
        throw error
      } finally {
        lease.end()
      }
    },
    async begin(options: BeginOptions): Promise<DriverTransaction> {
      const { connection, end } = await obtain(options)
      const begun = pipelinedTransaction({ connection, begin: beginWith(options.transaction), done: end })
      return {
        ...begun,
        async execute(statement, call) {
          assertFit(statement)
          return begun.execute(statement, call)
        },
      }
    },
    async close() {
      closed = true
      for (const { connection } of leases) connection.cut(endedError())
      if (ownsPool) await pool.close()
    },
  }
}

function leftStateError(): UsageError {
  return new UsageError('the statement cannot run behind a pooler: the next client would find what it leaves', {
    hint: 'Use session.withSettings, or set local, pg_advisory_xact_lock and on commit drop in a transaction.',
  })
}

function beginWith(transaction: TransactionOptions) {
  return { text: `begin ${transactionModes(transaction)}`, params: [] }
}

/** A connection goes back to others only outside of a transaction. */
async function undo({ connection }: Lease, signal: AbortSignal): Promise<void> {
  if (!connection.usable) return
  const rolledBack: Promise<TaggedRows> = connection.run({ text: 'rollback', params: [] }, signal)
  await rolledBack.catch((error: unknown) => connection.cut(error))
}
