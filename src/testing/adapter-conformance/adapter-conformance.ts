import { bodyCases } from './bodies.ts'
import type { AdapterConformanceCase } from './conformance-case.ts'
import { endingCases } from './endings.ts'
import { errorCases } from './errors.ts'
import { lifecycleCases } from './lifecycle.ts'
import { requestCases } from './requests.ts'

/**
 * What every adapter must do with requests, as cases for any test framework. Run them one after another: they share the
 * application's log.
 *
 * @example
 * import { adapterConformance, createConformanceApplication } from 'lexigram-edge/testing'
 *
 * const { app } = createConformanceApplication()
 * const harness = { send: serveWithMyAdapter(app), hangUp: 'this platform does not report it' }
 * for (const { name, notApplicable, run } of adapterConformance()) {
 *   if (notApplicable(harness) === undefined) test(name, () => run(harness))
 * }
 */
export function adapterConformance(): readonly AdapterConformanceCase[] {
  return cases
}

const cases = [...lifecycleCases, ...requestCases, ...bodyCases, ...endingCases, ...errorCases]
