import { assertFunction } from '../../core/plain-object.ts'
import type { Scope } from '../../container/resolver.ts'
import { assertOptions, must } from '../../core/assert-options.ts'
import { UsageError } from '../../core/errors.ts'
import type { Token } from '../../core/token.ts'
import { scopeFrom, type ScopeSource } from '../../runtime/invocation/scope-source.ts'
import { DocumentStore, type DocumentTransaction } from '../store/document-store.ts'
import { transactionChecks, type DocumentTransactionOptions } from '../store/transaction.ts'

/** Options of `inDocumentTransaction`. */
export interface InDocumentTransactionOptions extends DocumentTransactionOptions {
  /** The store whose transaction it is: `named(DocumentStore, 'orders')`. @default DocumentStore, the primary one */
  readonly store?: Token<DocumentStore>
}

/**
 * Runs `work` in a transaction in which repositories take part: it receives a scope beneath the request's, in which
 * `DocumentStore` is the transaction's, so that everything resolved there reads and writes within it. An exception or a
 * returned `Err` rolls back. When others have written the same documents it runs again, in another scope, so it must
 * have no other effects.
 *
 * @param source the scope of the request, message or job, or the context of a request, such as Hono's `c`
 * @throws UnsupportedOperationError where the driver has no transactions
 * @throws WriteConflictError when the time or the attempts are used up
 * @throws DocumentTransactionError when a write was refused, although `work` caught its error
 * @example
 * import { inDocumentTransaction } from 'lexigram-edge/nosql'
 *
 * await inDocumentTransaction(scope, async (scope) => (await scope.resolve(Orders)).save(order))
 */
export async function inDocumentTransaction<T>(
  source: ScopeSource,
  work: (scope: Scope) => Promise<T>,
  options: InDocumentTransactionOptions = {},
): Promise<T> {
  assertFunction(work, 'the work of inDocumentTransaction')
  const { store: token = DocumentStore, ...transactionOptions } = assertOptions(
    options,
    { ...transactionChecks, store: must.beAnything },
    'the options of inDocumentTransaction',
  )
  const scope = scopeFrom(source)
  const store = await scope.resolve(token)
  return store.transaction(async (transaction) => {
    await using part = scope.scope()
    const taking = partOf(store, transaction)
    part.provide(token, taking)
    if (part.get(token) !== taking) {
      throw new UsageError(`${token.name} cannot stand for the transaction: it was overridden`, {
        hint: 'Override what the store is made of, or use store.transaction.',
      })
    }
    return await work(part)
  }, transactionOptions)
}

/** The store as its transaction sees it: it ends with the transaction, and a transaction of it cannot be undone alone. */
function partOf(store: DocumentStore, transaction: DocumentTransaction): DocumentStore {
  return {
    ...store,
    get native() {
      return store.native
    },
    collection: (collection) => transaction.collection(collection),
    disconnect: () => Promise.resolve(),
    transaction: () =>
      Promise.reject(
        new UsageError('a transaction of documents cannot begin: another one is open', {
          hint: 'Run the work in the open transaction.',
        }),
      ),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}
