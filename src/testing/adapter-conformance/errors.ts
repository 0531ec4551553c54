import {
  assertEqual,
  casesOf,
  expectLog,
  type AdapterConformanceCase,
  type AdapterHarness,
} from './conformance-case.ts'

/** What becomes of what handlers throw, and of the failures that they return. */
export const errorCases: readonly AdapterConformanceCase[] = [
  ...casesOf('errors', {
    async 'answers an expected error as problem details'(harness) {
      const { status, type, problem } = await problemOf(harness, '/conflict')
      assertEqual([status, type, problem['detail']], [409, 'application/problem+json', 'taken'], 'problem')
      await expectLog(harness, ['end'])
    },
    async 'answers the text of an Err'(harness) {
      const { status, problem } = await problemOf(harness, '/err?what=no')
      assertEqual([status, problem['detail']], [400, 'no'], 'problem')
      await expectLog(harness, ['end'])
    },
    async 'answers the text of an Err by the application’s statuses'(harness) {
      const { status, problem } = await problemOf(harness, '/err?what=SOLD_OUT')
      assertEqual([status, problem['code']], [409, 'SOLD_OUT'], 'problem')
      await expectLog(harness, ['end'])
    },
    async 'keeps the message and the details of an error for logs that has a public message'(harness) {
      const { status, problem } = await problemOf(harness, '/duplicate')
      const told = JSON.stringify(problem)
      assertEqual([status, problem['detail'], /swordfish|users/.test(told)], [409, 'taken', false], 'problem')
      await expectLog(harness, ['end'])
    },
  }),
  ...casesOf('thrown values', {
    'reports an error and says nothing of it to the client': silently('error', 'swordfish'),
    'reports a text and says nothing of it to the client': silently('text', 'swordfish'),
    'reports data with a code and says nothing of it to the client': silently(
      'data',
      '{"code":"ECONNREFUSED","status":400,"message":"swordfish"}',
    ),
    'reports a foreign error with a code and says nothing of it to the client': silently('foreign', 'swordfish'),
    'reports null': silently('null', 'null'),
  }),
]

function silently(what: string, report: string): (harness: AdapterHarness) => Promise<void> {
  return async (harness) => {
    const response = await harness.send(`/throw?what=${what}`)
    const text = await response.text()
    assertEqual([response.status, /swordfish|ECONNREFUSED/.test(text)], [500, false], 'response')
    await expectLog(harness, [`handler: ${report}`, 'end'])
  }
}

async function problemOf({ send }: AdapterHarness, path: string) {
  const response = await send(path)
  const problem: Readonly<Record<string, unknown>> = await response.json()
  return { status: response.status, type: response.headers.get('content-type'), problem }
}
