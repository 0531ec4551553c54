import type { CallOptions, DriverTransaction } from './driver.ts'

/** A connection that a transaction has to itself. */
export interface HeldConnection {
  readonly usable: boolean
  cut(error: unknown): void
}

interface TransactionEnd {
  /** Sends `commit` or `rollback`, and returns the tag of its answer. */
  readonly send: (text: 'commit' | 'rollback', options: CallOptions) => Promise<string>
  /** Returns the connection to its pool, or drops one that was cut. Called once. */
  readonly done: () => void
}

/**
 * How a transaction on a connection ends. The connection goes back after an end that was confirmed; otherwise it is cut,
 * and the database rolls back.
 */
export function transactionEnd(
  connection: HeldConnection,
  { send, done }: TransactionEnd,
): Pick<DriverTransaction, 'commit' | 'rollback'> {
  let over = false
  const finish = async (text: 'commit' | 'rollback', options: CallOptions): Promise<string> => {
    over = true
    try {
      return await send(text, options)
    } catch (error) {
      connection.cut(error)
      throw error
    } finally {
      done()
    }
  }
  return {
    commit: (options) => finish('commit', options),
    async rollback(options) {
      if (over) return
      if (connection.usable) await finish('rollback', options)
      else {
        over = true
        done()
      }
    },
  }
}
