import { isResult } from '../../core/result/result.ts'
import { untilGivenUp, type GivingUp } from './given-up.ts'
import type { TransactionRunner } from './transaction-runner.ts'

/**
 * Ends a transaction by what its work came to: an exception or a returned `Err` rolls back, everything else commits. So
 * does a caller that gives up, or a session that ends, before the work has settled.
 */
export async function runInTransaction<T>(
  transaction: TransactionRunner,
  context: GivingUp,
  work: () => Promise<T>,
): Promise<T> {
  let value: T
  try {
    value = await untilGivenUp(work, context)
  } catch (error) {
    // The error of the work is the one to know; a savepoint that cannot be rolled back to fails what is around it.
    await transaction.rollback().catch(() => undefined)
    throw error
  }
  if (isResult(value) && !value.ok) await transaction.rollback()
  else await transaction.commit()
  return value
}
