import type { CallOptions, DriverTransaction, RowSet, Statement } from '../contract/driver.ts'
import { transactionEnd, type HeldConnection } from '../contract/transaction-end.ts'
import type { TaggedRows } from '../contract/tagged-rows.ts'

/** A connection that takes statements before those ahead of them have been answered. */
export interface PipeliningConnection extends HeldConnection {
  /** Sends statements in one message; what follows one that fails is skipped. Gives up when a signal fires. */
  send(statements: readonly Statement[], signals: readonly AbortSignal[]): readonly Promise<TaggedRows>[]
  run(statement: Statement, signal: AbortSignal): Promise<TaggedRows>
}

export interface TransactionParts {
  readonly connection: PipeliningConnection
  /** What begins the transaction, with the first statement; undefined where it has begun. */
  readonly begin: Statement | undefined
  /** Returns the connection to its pool, or drops one that was cut. Called once. */
  readonly done: () => void
}

interface Waiting {
  readonly statement: Statement
  readonly signal: AbortSignal
  readonly resolve: (rows: RowSet) => void
  readonly reject: (error: unknown) => void
}

/** Turns of the event loop's own queue in which statements that were asked for together may arrive. */
const hops = 8

/**
 * A transaction on a connection that it has to itself. `begin` is sent with the first statement; statements that are
 * asked for together, or while others are in flight, are sent together.
 */
export function pipelinedTransaction({ connection, begin, done }: TransactionParts): DriverTransaction {
  let opening: readonly Statement[] = begin === undefined ? [] : [begin]
  let waiting: Waiting[] = []
  let sending = false

  const flush = async (): Promise<void> => {
    sending = true
    for (let hop = 0; hop < hops; hop++) await Promise.resolve()
    while (waiting.length > 0) {
      const group = waiting
      waiting = []
      const begun = opening
      opening = []
      const statements = [...begun, ...group.map(({ statement }) => statement)]
      const answers = connection.send(statements, [...new Set(group.map(({ signal }) => signal))])
      settle(group, answers.slice(begun.length), begun.length > 0 ? answers[0] : undefined)
      await Promise.allSettled(answers)
    }
    sending = false
  }
  const send = async (text: string, { signal }: CallOptions): Promise<string> => {
    // Nothing was sent, so there is nothing to end.
    if (opening.length > 0) return text.toUpperCase()
    return (await connection.run({ text, params: [] }, signal)).tag
  }
  return {
    execute: (statement, { signal }) =>
      new Promise((resolve, reject) => {
        waiting.push({ statement, signal, resolve, reject })
        if (!sending) void flush()
      }),
    ...transactionEnd(connection, { send, done }),
  }
}

/** A transaction that has not begun answers for its statements. */
function settle(
  group: readonly Waiting[],
  answers: readonly Promise<TaggedRows>[],
  begun: Promise<TaggedRows> | undefined,
): void {
  group.forEach(({ resolve, reject }, i) => {
    Promise.all([begun, answers[i]]).then(([, rows]) => resolve(rows as TaggedRows), reject)
  })
}
