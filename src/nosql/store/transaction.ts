import { assertPlainObject } from '../../core/plain-object.ts'
import { isResult } from '../../core/result/result.ts'
import { UnsupportedOperationError, WriteConflictError } from '../errors.ts'
import { TransactionSession, type Session } from './session.ts'
import type { StoreContext } from './store-context.ts'

export interface TransactionOptions {
  /** How often the callback may run when others write the same documents. Default: the store's `attempts`. */
  readonly attempts?: number | undefined
}

export async function runTransaction<R>(
  store: StoreContext,
  work: (session: Session) => Promise<R>,
  options: TransactionOptions,
): Promise<R> {
  const { attempts = store.attempts } = assertPlainObject(options, 'options')
  await store.ready()
  const { backend } = store
  if (backend.begin === undefined) {
    throw new UnsupportedOperationError(`The driver '${backend.name}' has no transactions.`, {
      hint: 'Check store.capabilities.transaction.kind first.',
    })
  }
  for (let attempt = 1; ; attempt++) {
    const session = new TransactionSession(store, await backend.begin(store.context()))
    try {
      const result = await attemptOnce(session, work)
      if (!session.conflicted || attempt >= attempts) return result
    } catch (error) {
      // Also when the callback has turned the conflict into an error of its own.
      if (!(session.conflicted || error instanceof WriteConflictError) || attempt >= attempts) throw error
    }
    await store.backOff(attempt)
  }
}

async function attemptOnce<R>(session: TransactionSession, work: (session: Session) => Promise<R>): Promise<R> {
  let result: R
  try {
    result = await work(session)
  } catch (error) {
    await session.abort()
    throw error
  }
  if (isResult(result) && !result.ok) await session.abort()
  else await session.commit()
  return result
}
