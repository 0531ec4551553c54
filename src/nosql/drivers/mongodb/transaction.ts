import type { ClientSession, ReadConcernLevel } from 'mongodb'
import type { CollectionSpec } from '../../contract/define-collection.ts'
import type { DriverContext, MaybePromise } from '../../contract/context.ts'
import type { DriverCollection } from '../../contract/driver-collection.ts'
import type { DriverTransaction } from '../../contract/driver.ts'
import { connectionError, hasLabel, toStoreError, unknownOutcome } from './errors.ts'
import type { HeldClient } from './held-client.ts'

/** How often a commit without an answer is sent again: it is idempotent on the server. */
const commitAttempts = 5

export interface TransactionSettings {
  readonly held: HeldClient
  readonly readConcern: ReadConcernLevel
  collection(named: Named, session: ClientSession, context: DriverContext): MaybePromise<DriverCollection>
}

export interface Named {
  readonly name: string
  readonly spec: CollectionSpec | undefined
}

/** Begins one attempt. The server learns of it by the first command that is sent. */
export function beginTransaction({ held, readConcern, collection }: TransactionSettings): DriverTransaction {
  const session = held.client.startSession()
  const letGo = held.hold()
  session.startTransaction({
    readConcern: { level: readConcern },
    writeConcern: { w: 'majority' },
  })
  return {
    collection: (name, spec, context) => collection({ name, spec }, session, context),
    async commit(context) {
      try {
        await commitUntilAnswered(session, context)
      } finally {
        await endSession(session)
        letGo()
      }
    },
    async abort() {
      try {
        await session.abortTransaction()
      } catch {
        // The server forgets a transaction by itself, and what a caller did wrong has been reported already.
      } finally {
        await endSession(session)
        letGo()
      }
    },
  }
}

/**
 * @throws {WriteConflictError} when nothing was stored; {@link UnknownOutcomeError} when that is not known
 * @see https://github.com/mongodb/specifications/blob/master/source/transactions/transactions.md
 */
async function commitUntilAnswered(session: ClientSession, { signal, deadline }: DriverContext): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await session.commitTransaction()
      return
    } catch (error) {
      const isUnknown = hasLabel(error, 'UnknownTransactionCommitResult')
      const isLate = signal?.aborted === true || (deadline !== undefined && Date.now() >= deadline)
      if (isUnknown && (isLate || attempt >= commitAttempts)) throw unknownOutcome(error)
      if (!isUnknown) throw toStoreError(error, 'write')
    }
  }
}

async function endSession(session: ClientSession): Promise<void> {
  try {
    await session.endSession()
  } catch (error) {
    throw connectionError(error)
  }
}
