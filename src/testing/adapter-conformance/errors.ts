import { assertEqual, casesOf, expectLog, type AdapterConformanceCase } from './conformance-case.ts'

/** What becomes of what handlers throw. */
export const errorCases: readonly AdapterConformanceCase[] = casesOf('errors', {
  async 'answers an expected error as problem details'(harness) {
    const response = await harness.send('/conflict')
    const problem = (await response.json()) as Record<string, unknown>
    const type = response.headers.get('content-type')
    assertEqual([response.status, type, problem['detail']], [409, 'application/problem+json', 'taken'], 'problem')
    await expectLog(harness, ['end'])
  },
  async 'reports an unexpected error and says nothing of it to the client'(harness) {
    const response = await harness.send('/throw')
    const text = await response.text()
    assertEqual([response.status, text.includes('swordfish')], [500, false], 'response')
    await expectLog(harness, ['handler: swordfish', 'end'])
  },
})
