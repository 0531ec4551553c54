import { batchCases } from './batches.ts'
import type { SqlConformanceCase } from './conformance-case.ts'
import { failureCases } from './failures.ts'
import { statementCases } from './statements.ts'
import { transactionCases } from './transactions.ts'

/**
 * What every SQL driver must do, as cases for any test framework. They create and drop tables named `conformance_*`,
 * so give them a database of their own, and run them one after another.
 *
 * @example
 * import { sqlConformance } from 'lexigram-edge/testing/sql'
 *
 * for (const { name, run } of sqlConformance()) {
 *   test(name, () => run({ open: (options) => openDatabase({ ...options, drivers: [myDriver()], url }) }))
 * }
 */
export function sqlConformance(): readonly SqlConformanceCase[] {
  return [...statementCases, ...batchCases, ...failureCases, ...transactionCases]
}
