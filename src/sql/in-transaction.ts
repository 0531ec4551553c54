import { assertFunction } from '../core/plain-object.ts'
import type { Scope } from '../container/resolver.ts'
import { assertOptions, must, type OptionCheck } from '../core/assert-options.ts'
import { UsageError } from '../core/errors.ts'
import { named, type Token } from '../core/token.ts'
import { scopeFrom, type ScopeSource } from '../runtime/invocation/scope-source.ts'
import type { SessionTransactionOptions } from './session/calls/retry.ts'
import { TransactionalDbSession } from './tokens.ts'

/** Options of `inTransaction`. */
export interface InTransactionOptions extends SessionTransactionOptions {
  /**
   * The session that begins it, where an application registers another one, for example with the settings of a
   * tenant; `named(TransactionalDbSession, name)` for one of several databases; or `ReadOnlyDbSession`, for repositories
   * that only read. In the scope of the transaction it stands for the transaction as well. @default TransactionalDbSession
   */
  readonly session?: Token<TransactionalDbSession>
}

/** The modes are the session's to check. */
const optionChecks = {
  session: must.beAnything,
  isolation: must.beAnything,
  readOnly: must.beAnything,
  deferrable: must.beAnything,
  retry: must.beAnything,
} satisfies Readonly<Record<keyof InTransactionOptions, OptionCheck>>

/**
 * Runs `work` in a transaction in which repositories take part: it receives a scope beneath the request's, in which
 * `DbSession` is the transaction's, so that everything resolved there writes within it. An exception or a returned `Err`
 * rolls back. Called with the scope of a transaction, it is a savepoint. What was handed to the request's scope is there
 * as well; other scoped instances are made anew, and end before the commit.
 *
 * Singletons that open sessions by `DatabaseProvider` are not part of it.
 *
 * @param source the scope of the request, message or job, or the context of a request, such as Hono's `c`
 * @throws TransactionError when a statement had failed, although `work` caught its error: everything is rolled back
 * @throws CommitUnknownError when the answer to the commit was lost
 * @throws UsageError when the driver has no interactive transactions
 * @example
 * import { inTransaction } from 'lexigram-edge/sql'
 *
 * await inTransaction(scope, async (scope) => {
 *   const orders = await scope.resolve(Orders)
 *   const stock = await scope.resolve(Stock)
 *   await stock.take(order.lines)
 *   return orders.save(order)
 * })
 */
export async function inTransaction<T>(
  source: ScopeSource,
  work: (scope: Scope) => Promise<T>,
  options: InTransactionOptions = {},
): Promise<T> {
  assertFunction(work, 'the work of inTransaction')
  const { session: token = TransactionalDbSession, ...modes } = assertOptions(
    options,
    optionChecks,
    'the options of inTransaction',
  )
  const scope = scopeFrom(source)
  if (!scope.has(token)) {
    throw new UsageError('inTransaction cannot begin a transaction: the database driver has no interactive ones', {
      hint: 'Use session.atomic or session.batch, or a driver that has them.',
    })
  }
  const session = await scope.resolve(token)
  return session.transaction(async (transaction) => {
    await using part = scope.scope()
    const ofDatabase = named(TransactionalDbSession, session.database)
    // An application that registers its database itself may leave it without a name.
    const own = scope.has(ofDatabase) ? ofDatabase : TransactionalDbSession
    for (const each of new Set([own, token])) takePart(part, each, transaction)
    return await work(part)
  }, modes)
}

/** A session that a test has put in the place of all others is not the transaction's: nothing would be undone with it. */
function takePart(scope: Scope, token: Token<TransactionalDbSession>, transaction: TransactionalDbSession): void {
  scope.provide(token, transaction)
  if (scope.get(token) === transaction) return
  throw new UsageError(`${token.name} cannot stand for the transaction: it was overridden`, {
    hint: 'Override DatabaseProvider instead.',
  })
}
