import { assertMembers, must } from '../../core/assert-options.ts'
import { frameworkChecks, type TestFramework } from '../document-store-conformance/document-store-conformance.ts'
import type { RepositoryCase, RepositoryHarness } from './conformance-case.ts'
import { tenantCases, timestampCases, versionCases } from './options.ts'
import { specificationCases } from './random-specifications.ts'
import { readCases } from './reads.ts'
import { softDeleteCases, writeCases } from './writes.ts'

/** What every implementation of `Repository` must do, topic by topic, as plain cases. */
export function repositoryCases(): readonly RepositoryCase[] {
  return [
    ...readCases,
    ...writeCases,
    ...softDeleteCases,
    ...versionCases,
    ...timestampCases,
    ...tenantCases,
    ...specificationCases,
  ]
}

/**
 * Registers all cases with a test framework. The harness opens storage that is empty, for one case each.
 *
 * @example
 * import { repositoryConformance } from 'lexigram-edge/testing'
 * import { describe, it } from 'vitest'
 *
 * repositoryConformance({ open: openEmptyStorage }, { describe, it })
 */
export function repositoryConformance(harness: RepositoryHarness, framework: TestFramework): void {
  assertMembers(harness, { open: must.beFunction }, 'the harness')
  assertMembers(framework, frameworkChecks, 'the test framework')
  const { describe, it } = framework
  const cases = repositoryCases()
  for (const topic of new Set(cases.map((each) => each.topic))) {
    describe(topic, () => {
      for (const each of cases) if (each.topic === topic) it(each.name, () => each.run(harness))
    })
  }
}
