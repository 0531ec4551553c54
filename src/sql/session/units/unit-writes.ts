import type { PgTable } from 'drizzle-orm/pg-core'
import type { LexigramError } from '../../../core/errors.ts'
import type { Statement } from '../../contract/driver.ts'
import { expectRows, failedExpectation } from './row-expectation.ts'
import { referenceDepth } from './reference-depth.ts'
import type { Runner } from '../connection-runner.ts'
import type { SessionTransactionOptions } from '../calls/retry.ts'

/** A write of a unit of work, until it is sent. */
export interface UnitWrite {
  readonly statement: Statement
  readonly expectRows: number | undefined
  /** The error when it affected another number of rows. */
  readonly otherwise: () => LexigramError
  /** The table whose rows it stores, where it may change places with others of which that is known. */
  readonly stores: PgTable | undefined
}

/** Sends writes as one atomic batch. @throws what a write says of its expectation, or the error of the batch */
export async function sendWrites(
  runner: Runner,
  given: readonly UnitWrite[],
  options?: SessionTransactionOptions,
): Promise<void> {
  const writes = inOrderOfReferences(given)
  const statements = writes.map(({ statement, expectRows: expected }, i) =>
    expected === undefined ? statement : expectRows(statement, expected, i),
  )
  try {
    await runner.run(statements, options)
  } catch (error) {
    const failed = writes[failedExpectation(error)]
    throw failed === undefined ? error : failed.otherwise()
  }
}

/**
 * Rows of a table before those that refer to it, within each run of writes whose tables are known; otherwise as they
 * were added. A write of an unknown kind keeps its place, and what was added before it stays before it.
 */
export function inOrderOfReferences<T extends Pick<UnitWrite, 'stores'>>(writes: readonly T[]): T[] {
  const runs: T[][] = [[]]
  for (const write of writes) {
    if (write.stores === undefined) runs.push([write], [])
    else runs.at(-1)?.push(write)
  }
  const depth = ({ stores }: T): number => (stores === undefined ? 0 : referenceDepth(stores))
  return runs.flatMap((run) => run.toSorted((a, b) => depth(a) - depth(b)))
}
