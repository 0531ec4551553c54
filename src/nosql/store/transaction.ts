import { assertOptions, must, type OptionCheck } from '../../core/assert-options.ts'
import { isResult } from '../../core/result/result.ts'
import { endWith } from '../../core/tracing/traced.ts'
import type { Span } from '../../core/tracing/tracer.ts'
import { UnknownOutcomeError, UnsupportedOperationError, WriteConflictError } from '../errors.ts'
import type { Session, StoreContext } from './session.ts'
import { TransactionSession } from './transaction-session.ts'
import { backOff, callContext, assertInTime } from './store-context.ts'

/** Options of `transaction` of a document store. */
export interface DocumentTransactionOptions {
  /** How often the callback may run when others write the same documents. @default the store's `attempts` */
  readonly attempts?: number | undefined
  /** Ends the transaction, and is the signal of every operation inside that has none. */
  readonly signal?: AbortSignal | undefined
  /** When the transaction must have ended, in milliseconds since 1970: no attempt begins after it. */
  readonly deadline?: number | undefined
}

export const transactionChecks = {
  attempts: must.beWholeNumberFrom(1),
  signal: must.beSignal,
  deadline: must.beNumberFrom(0),
} satisfies Readonly<Record<keyof DocumentTransactionOptions, OptionCheck>>

export async function runTransaction<R>(
  outer: StoreContext,
  work: (session: Session) => Promise<R>,
  options: DocumentTransactionOptions,
): Promise<R> {
  const span = outer.span?.start({ is: 'document', driver: outer.backend.name, operation: 'transaction' })
  return span === undefined ? runAttempts(outer, work, options) : runInSpan(span, { outer, options }, work)
}

function runInSpan<R>(
  span: Span,
  { outer, options }: { readonly outer: StoreContext; readonly options: DocumentTransactionOptions },
  work: (session: Session) => Promise<R>,
): Promise<R> {
  return endWith(
    span,
    span.run(() => runAttempts({ ...outer, span }, work, options)),
  )
}

async function runAttempts<R>(
  outer: StoreContext,
  work: (session: Session) => Promise<R>,
  options: DocumentTransactionOptions,
): Promise<R> {
  const { attempts = outer.attempts, signal, deadline } = assertOptions(options, transactionChecks)
  const store: StoreContext = {
    ...outer,
    context: (call) => outer.context({ signal: call?.signal ?? signal, deadline: call?.deadline ?? deadline }),
  }
  const origin = { store, span: store.span }
  await store.ready(options)
  const { backend } = store
  if (backend.begin === undefined) {
    throw new UnsupportedOperationError(`the driver '${backend.name}' cannot run transactions`, {
      hint: 'Check store.capabilities.transaction.kind first.',
    })
  }
  const since = Date.now()
  for (let attempt = 1; ; attempt++) {
    assertInTime({ signal, deadline })
    const began = Date.now()
    const session = new TransactionSession(store, await backend.begin(callContext(origin)))
    try {
      const result = await attemptOnce(session, work)
      if (!session.conflicted || attempt >= attempts) return result
    } catch (error) {
      // Also when the callback has replaced the conflict by another error.
      const again =
        (session.repeatable || error instanceof WriteConflictError) && !(error instanceof UnknownOutcomeError)
      if (!again || attempt >= attempts || !(await backOff(origin, { number: attempt, since, began }, options)))
        throw error
      continue
    }
    if (!(await backOff(origin, { number: attempt, since, began }, options))) throw session.failure
  }
}

async function attemptOnce<R>(session: TransactionSession, work: (session: Session) => Promise<R>): Promise<R> {
  let result: R
  try {
    result = await work(session)
    if (!isFailure(result)) assertInTime(session.store.context())
  } catch (error) {
    // What made it fail is what the caller has to know, also where the backend cannot be reached any more.
    await session.abort().catch(() => undefined)
    throw error
  }
  if (isFailure(result)) await session.abort()
  else await session.commit()
  return result
}

function isFailure(result: unknown): boolean {
  return isResult(result) && !result.ok
}
