import { assertMembers, must } from '../../core/assert-options.ts'
import { bulkCases } from './bulk.ts'
import { capabilityCases } from './capabilities.ts'
import { changeCases } from './changes.ts'
import type { DocumentStoreCase, DocumentStoreHarness } from './conformance-case.ts'
import { crudCases } from './crud.ts'
import { cursorCases } from './cursors.ts'
import { endingCases } from './endings.ts'
import { errorCases } from './errors.ts'
import { expressionCases } from './expressions.ts'
import { filterCases } from './filters.ts'
import { faultCases } from './faults.ts'
import { indexCases } from './indexes.ts'
import { injectionCases } from './injection.ts'
import { limitCases } from './limits.ts'
import { mistakeCases } from './mistakes.ts'
import { optionCases } from './options.ts'
import { optionTableCases } from './option-table/option-table.ts'
import { requestCases } from './requests.ts'
import { sortCases } from './sort-and-pages.ts'
import { transactionCases } from './transactions.ts'
import { updateCases } from './updates.ts'

type RegisterTest = (name: string, run: () => Promise<void>) => unknown

/** The two functions that every test framework has. */
export interface TestFramework {
  readonly describe: (name: string, register: () => void) => unknown
  readonly it: RegisterTest & { readonly skip?: RegisterTest }
}

export const frameworkChecks = { describe: must.beFunction, it: must.beFunction }

/**
 * What every document driver must answer, topic by topic, as plain cases. Each works in separate collections and drops
 * them; what a driver declares in its capabilities must work, and what it does not declare must be refused.
 */
export function documentStoreCases(): readonly DocumentStoreCase[] {
  return [
    ...crudCases,
    ...filterCases,
    ...updateCases,
    ...sortCases,
    ...indexCases,
    ...transactionCases,
    ...bulkCases,
    ...cursorCases,
    ...changeCases,
    ...endingCases,
    ...errorCases,
    ...expressionCases,
    ...mistakeCases,
    ...capabilityCases,
    ...limitCases,
    ...optionCases,
    ...optionTableCases,
    ...injectionCases,
    ...requestCases,
    ...faultCases,
  ]
}

/**
 * Registers all cases with a test framework. A case that does not apply to the harness is registered with the reason in its
 * name: by `it.skip`, or, in a framework without it, as a test that does nothing.
 *
 * @example
 * import { documentStoreConformance } from 'lexigram-edge/testing'
 * import { createDocumentStore } from 'lexigram-edge/nosql'
 * import { describe, it } from 'vitest'
 *
 * const driver = myDriver()
 * documentStoreConformance({ open: (options) => createDocumentStore(driver, options) }, { describe, it })
 */
export function documentStoreConformance(harness: DocumentStoreHarness, framework: TestFramework): void {
  assertMembers(harness, { open: must.beFunction }, 'the harness')
  assertMembers(framework, frameworkChecks, 'the test framework')
  const { describe, it } = framework
  const cases = documentStoreCases()
  for (const topic of new Set(cases.map((each) => each.topic))) {
    describe(topic, () => {
      for (const { name, notApplicable, run } of cases.filter((each) => each.topic === topic)) {
        const reason = notApplicable(harness)
        if (reason === undefined) it(name, () => run(harness))
        else (it.skip ?? it)(`${name} (skipped: ${reason})`, async () => undefined)
      }
    })
  }
}
