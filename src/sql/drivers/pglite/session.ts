import type { PGlite } from '@electric-sql/pglite'
import { TimeoutError } from '../../../core/errors.ts'
import type {
  CallOptions,
  DriverSession,
  DriverTransaction,
  RowSet,
  TransactionOptions,
} from '../../contract/driver.ts'
import type { TaggedRows } from '../../contract/tagged-rows.ts'
import { transactionModes } from '../../contract/transaction-modes.ts'
import { TransactionError } from '../../errors.ts'
import type { ConnectionLimit } from '../../session/connection-limit.ts'
import { endedError } from '../../session/given-up.ts'
import { exchange } from './exchange.ts'

export interface PGliteParts {
  readonly db: PGlite
  /** The database has one connection: sessions wait for it here, in order. */
  readonly slots: ConnectionLimit
  /** Sent before and after each turn, where the database has direct users, who are another role. */
  readonly role: { readonly enter: string; readonly leave: string } | undefined
}

type BeginOptions = CallOptions & { readonly transaction: TransactionOptions }

export function pgliteSession({ db, slots, role }: PGliteParts): DriverSession {
  const open = new Set<DriverTransaction>()
  let closed = false
  const send = (text: string): Promise<TaggedRows> => exchange(db, { text, params: [] })
  const take = async (signal: AbortSignal): Promise<EndTurn> => {
    const release = await slots.acquire(signal)
    try {
      const end = await takeTurn(db, signal)
      if (role !== undefined) await send(role.enter)
      return () => {
        if (role === undefined) end()
        // It fails on a database that has been closed, which has no role to leave any more.
        else void send(role.leave).then(end, end)
        release()
      }
    } catch (error) {
      release()
      throw error
    }
  }
  const begin = async ({ signal, transaction }: BeginOptions): Promise<DriverTransaction> => {
    const endTurn = await take(signal)
    try {
      if (closed) throw endedError()
      await send(`begin ${transactionModes(transaction)}`)
    } catch (error) {
      endTurn()
      throw error
    }
    const begun = pgliteTransaction(db, () => {
      open.delete(begun)
      endTurn()
    })
    open.add(begun)
    return begun
  }
  return {
    async execute(statement, { signal }) {
      const endTurn = await take(signal)
      try {
        return await exchange(db, statement)
      } finally {
        endTurn()
      }
    },
    async batch(statements, options) {
      const transaction = await begin(options)
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
    begin,
    async close() {
      closed = true
      // What is left open here would keep everyone else from the one connection.
      await Promise.all([...open].map((transaction) => transaction.rollback({ signal: new AbortController().signal })))
    },
  }
}

/** The database runs in this process: no answer of it is ever lost, and nothing that has begun is interrupted. */
function pgliteTransaction(db: PGlite, onEnd: () => void): DriverTransaction {
  let ending: Promise<string> | undefined
  const end = async (text: string): Promise<string> => {
    try {
      return (await exchange(db, { text, params: [] })).tag
    } finally {
      onEnd()
    }
  }
  return {
    async execute(statement, { signal }) {
      if (ending !== undefined) throw new TransactionError('the statement cannot run: its transaction has ended')
      if (signal.aborted) throw new TimeoutError('the call cannot be sent: it was aborted')
      return exchange(db, statement)
    },
    commit: () => (ending ??= end('commit')),
    async rollback() {
      await (ending ??= end('rollback')).catch(() => undefined)
    },
  }
}

type EndTurn = () => void

/**
 * Waits for the one connection of the database, which its direct users share: their transactions keep it too.
 *
 * @throws TimeoutError when the signal fires before; nothing runs then, also when the turn comes later
 */
function takeTurn(db: PGlite, signal: AbortSignal): Promise<EndTurn> {
  return new Promise((resolve, reject) => {
    const leave = (): void =>
      reject(new TimeoutError('the call cannot continue: it was aborted while it waited for the connection'))
    if (signal.aborted) return leave()
    signal.addEventListener('abort', leave)
    db._runExclusiveTransaction(() => {
      signal.removeEventListener('abort', leave)
      return signal.aborted ? Promise.resolve() : new Promise<void>((end) => resolve(end))
    }).catch(reject)
  })
}
