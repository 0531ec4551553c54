import { answerSizeCases } from './answer-sizes.ts'
import { batchCases } from './batches.ts'
import { besideTransactionCases } from './beside-transactions.ts'
import type { SqlConformanceCase } from './conformance-case.ts'
import { failedTransactionCases } from './failed-transactions.ts'
import { failureCases } from './failures.ts'
import { misuseCases } from './misuse.ts'
import { procedureCases } from './procedures.ts'
import { readOnlyCases } from './read-only.ts'
import { retryCases } from './retries.ts'
import { rowSecurityCases } from './row-security.ts'
import { serverSettingCases } from './server-settings.ts'
import { statementCases } from './statements.ts'
import { transactionCases } from './transactions.ts'
import { unitCases } from './units-of-work.ts'

/**
 * What every SQL driver must do, as cases for any test framework. They create and drop tables named `conformance_*`,
 * so pass them a database that is used for nothing else, and run them one after another. The database's role must not
 * be a superuser, and must not be exempt from row security: no policy would be tested.
 *
 * @example
 * import { sqlConformance } from 'lexigram-edge/testing/sql'
 *
 * for (const { name, run } of sqlConformance()) {
 *   test(name, () => run({ open: (options) => openDatabase({ ...options, drivers: [myDriver()], url }) }))
 * }
 */
export function sqlConformance(): readonly SqlConformanceCase[] {
  return [
    ...statementCases,
    ...serverSettingCases,
    ...batchCases,
    ...unitCases,
    ...retryCases,
    ...failureCases,
    ...procedureCases,
    ...misuseCases,
    ...transactionCases,
    ...failedTransactionCases,
    ...besideTransactionCases,
    ...readOnlyCases,
    ...rowSecurityCases,
    ...answerSizeCases,
  ]
}
