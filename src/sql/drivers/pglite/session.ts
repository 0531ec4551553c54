import { TimeoutError } from '../../../core/errors.ts'
import type { BeginOptions, DriverSession, DriverTransaction, RowSet } from '../../contract/driver.ts'
import { transactionModes } from '../../contract/transaction-modes.ts'
import { TransactionError } from '../../errors.ts'
import { endedError } from '../../session/calls/given-up.ts'
import type { AnswerBudget } from './exchange.ts'
import { createBudget, takeTurn, type PGliteParts, type Turn } from './turn.ts'

export function pgliteSession(parts: PGliteParts): DriverSession {
  const open = new Set<DriverTransaction>()
  let closed = false
  /** @param budget of a call that all statements are parts of */
  const begin = async (options: BeginOptions, budget?: AnswerBudget): Promise<DriverTransaction> => {
    const turn = await takeTurn(parts, options)
    try {
      if (closed) throw endedError()
      await turn.run({ text: `begin ${transactionModes(options.transaction)}`, params: [] })
    } catch (error) {
      turn.end()
      throw error
    }
    const onEnd = (): void => {
      open.delete(begun)
      turn.end()
    }
    const begun = pgliteTransaction(turn, { budget, onEnd })
    open.add(begun)
    return begun
  }
  return {
    async execute(statement, options) {
      const turn = await takeTurn(parts, options)
      try {
        return await turn.run(statement)
      } finally {
        turn.end()
      }
    },
    async batch(statements, options) {
      const budget = createBudget(parts.maxAnswerBytes)
      const transaction = await begin(options, budget)
      try {
        const results: RowSet[] = []
        for (const statement of statements) results.push(await transaction.execute(statement, options))
        if ((await transaction.commit(options)) === 'ROLLBACK')
          throw new TransactionError('the batch cannot commit: the database rolled it back')
        return results
      } finally {
        await transaction.rollback(options)
      }
    },
    begin: (options) => begin(options),
    async close() {
      closed = true
      // What is left open here would keep everyone else from the one connection.
      await Promise.all([...open].map((transaction) => transaction.rollback({ signal: new AbortController().signal })))
    },
  }
}

/** The database runs in this process: no answer of it is ever lost, and nothing that has begun is interrupted. */
function pgliteTransaction(
  turn: Turn,
  { budget, onEnd }: { readonly budget: AnswerBudget | undefined; readonly onEnd: () => void },
): DriverTransaction {
  let ending: Promise<string> | undefined
  const end = async (text: string): Promise<string> => {
    try {
      return (await turn.run({ text, params: [] })).tag
    } finally {
      onEnd()
    }
  }
  return {
    async execute(statement, { signal }) {
      if (ending !== undefined) throw new TransactionError('the statement cannot run: its transaction has ended')
      if (signal.aborted) throw new TimeoutError('the call cannot be sent: it was aborted')
      return turn.run(statement, budget)
    },
    commit: () => (ending ??= end('commit')),
    async rollback() {
      await (ending ??= end('rollback')).catch(() => undefined)
    },
  }
}
