import type { ClientSession, ReadConcernLevel } from 'mongodb'
import type { CollectionSpec } from '../../../contract/define-collection.ts'
import type { DriverContext, MaybePromise } from '../../../contract/context.ts'
import type { DriverCollection } from '../../../contract/driver-collection.ts'
import type { DocumentDriverTransaction } from '../../../contract/driver.ts'
import { endOf, reasonOfEnd, untilEnd } from '../transport/call.ts'
import { connectionError, toStoreError, unknownOutcome } from '../errors.ts'
import type { HeldClient } from '../transport/held-client.ts'
import type { OpenTransaction, Target } from '../transport/target.ts'
import { traceCommands, watchProgress } from '../transport/send.ts'
import { isInterrupted } from '../server-codes.ts'
import { hasLabel, isAway, unwrapped } from '../vendor-error.ts'

/** How often a commit without an answer is sent again: the server commits once. */
const commitAttempts = 5
/** For how long, in milliseconds, where the caller has no deadline. The vendor's own bound. */
const commitTime = 120_000

export interface TransactionSettings {
  readonly held: HeldClient
  readonly readConcern: ReadConcernLevel
  collection(named: Named, session: SessionOfTransaction, context: DriverContext): MaybePromise<DriverCollection>
}

export interface Named {
  readonly name: string
  readonly spec: CollectionSpec | undefined
}

export type SessionOfTransaction = Required<Pick<Target, 'session' | 'transaction'>>

/** Begins one attempt. The server learns of it by the first command that is sent. */
export function beginTransaction({ held, readConcern, collection }: TransactionSettings): DocumentDriverTransaction {
  const session = held.client.startSession()
  const letGo = held.hold()
  session.startTransaction({
    readConcern: { level: readConcern },
    writeConcern: { w: 'majority' },
    readPreference: 'primary',
  })
  let repeatable = false
  const transaction: OpenTransaction = {
    note(error) {
      // A caller that found no server has waited long enough.
      if (unwrapped(error).name === 'MongoServerSelectionError') return
      if (hasLabel(unwrapped(error), 'TransientTransactionError')) repeatable = true
    },
  }
  let underWay: Promise<unknown> = Promise.resolve()
  /** Sends the end of the transaction. A caller that leaves meanwhile does not end the session under it. */
  const send = <T>(sent: Promise<T>): Promise<T> => {
    underWay = sent.catch(() => undefined)
    return sent
  }
  const finish = async (context: DriverContext, work: () => Promise<void>): Promise<void> => {
    const untrace = traceCommands(held, session, context)
    try {
      await work()
    } finally {
      untrace?.()
      // It only returns the session: the transaction has ended, or the server ends it.
      void underWay
        .then(() => session.endSession())
        .catch(() => undefined)
        .finally(letGo)
    }
  }
  return {
    get repeatable() {
      return repeatable
    },
    collection: (name, spec, context) => collection({ name, spec }, { session, transaction }, context),
    commit: (context) =>
      finish(context, () =>
        commitUntilAnswered(session, context, send).catch((error: unknown) => {
          transaction.note(error)
          throw toStoreError(error, 'in transaction')
        }),
      ),
    abort: (context) =>
      finish(context, async () => {
        // The server forgets a transaction by itself, and what a caller did wrong has been reported already.
        await untilEnd(send(session.abortTransaction()), endOf(context), () => reasonOfEnd(context)).catch(
          () => undefined,
        )
      }),
  }
}

/**
 * @throws UnknownOutcomeError when it is not known whether anything was stored; else the vendor's error, and nothing was
 * @see https://github.com/mongodb/specifications/blob/master/source/transactions/transactions.md
 */
async function commitUntilAnswered(
  session: ClientSession,
  context: DriverContext,
  send: (sent: Promise<void>) => Promise<void>,
): Promise<void> {
  const end = endOf(context)
  const last = Date.now() + commitTime
  const progress = watchProgress(session)
  for (let attempt = 1; ; attempt++) {
    try {
      await untilEnd(send(session.commitTransaction()), end, () => unknownOutcome(reasonOfEnd(context)))
      return
    } catch (error) {
      // No server has been asked to commit, which is as good as a refusal.
      if (progress() === 'unsent write' && isAway(unwrapped(error))) throw connectionError(error)
      if (!isOpen(error)) {
        // The refusal is of this attempt. Only with the label is it known that an earlier one was not carried out, either.
        const isFirst = attempt === 1 && progress() !== 'lost write'
        if (isFirst || hasLabel(unwrapped(error), 'TransientTransactionError')) throw error
        throw unknownOutcome(error)
      }
      if (end?.aborted === true || attempt >= commitAttempts || Date.now() >= last) throw unknownOutcome(error)
    }
  }
}

/** Whether the commit may have been carried out: everything but a refusal of the server. */
function isOpen(error: unknown): boolean {
  const vendor = unwrapped(error)
  if (hasLabel(vendor, 'TransientTransactionError')) return false
  return hasLabel(vendor, 'UnknownTransactionCommitResult') || isAway(vendor) || isInterrupted(vendor)
}
