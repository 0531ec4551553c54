import { getTableName } from 'drizzle-orm'
import type { LexigramError } from '../../../core/errors.ts'
import type { Statement } from '../../contract/driver.ts'
import { expectRows, failedExpectation } from './row-expectation.ts'
import { ForeignKeyError } from '../../errors.ts'
import { findCircle, inOrderOfReferences, type PlacedWrite } from './reference-order.ts'
import type { Runner } from '../connection-runner.ts'
import type { SessionTransactionOptions } from '../calls/retry.ts'

/** A write of a unit of work, until it is sent. */
export interface UnitWrite extends PlacedWrite {
  readonly statement: Statement
  readonly expectRows: number | undefined
  /** The error when it affected another number of rows. */
  readonly otherwise: () => LexigramError
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
    throw failed === undefined ? explainCircle(error, given) : failed.otherwise()
  }
}

/** Says which circle of references forbids any order of the writes, or may, where the database refused one of its tables. */
function explainCircle(error: unknown, writes: readonly UnitWrite[]): unknown {
  if (!(error instanceof ForeignKeyError)) return error
  const { tables = [], isOfRows } = findCircle(writes) ?? {}
  const circle = tables.map((table) => getTableName(table))
  if (!circle.includes(String(error.details?.['table']))) return error
  const names = circle.join(' → ')
  const certain = `the rows cannot be written in any order: they refer to each other (${names})`
  return new ForeignKeyError(isOfRows === true ? certain : error.message, {
    hint:
      `Where rows refer to each other (${names}), declare the foreign key deferrable initially deferred, or store one ` +
      'of them with null there, and set it afterwards. Rows of one table are deleted together by deleteMany.',
    details: { ...error.details, circle },
    publicMessage: error.publicMessage,
    cause: error,
  })
}
