import {
  assertEqual,
  casesOf,
  caseWith,
  expectLog,
  readAndExpect,
  type AdapterConformanceCase,
} from './conformance-case.ts'

/** When scopes end, however a request does. */
export const endingCases: readonly AdapterConformanceCase[] = [
  ...casesOf('streaming end', {
    async 'ends the scope after the body was read to its end'(harness) {
      await readAndExpect(harness, '/stream', ['end'])
    },
    async 'ends the scope of a response without a body'(harness) {
      await readAndExpect(harness, '/empty', ['end'])
    },
    async 'cancels a body that HEAD leaves out'(harness) {
      const response = await harness.send('/stream', { method: 'HEAD' })
      assertEqual(await response.text(), '', 'body')
      await expectLog(harness, ['source cancelled', 'end'])
    },
    async 'ends the scope of a body that fails half-way, and reports it'(harness) {
      const response = await harness.send('/stream?fail=3').catch(() => undefined)
      const text = await response?.text().catch(() => undefined)
      const broken = harness.streams === false ? (response?.status ?? 0) >= 500 : text === undefined
      assertEqual(broken, true, 'the client sees that the body is not whole')
      await expectLog(harness, ['stream: half-way', 'end'])
    },
  }),
  caseWith(
    'hangUp',
    { topic: 'leaving clients', name: 'ends the scope when the client hangs up, and cancels the source' },
    async (hangUp, harness) => {
      await hangUp('/stream')
      await expectLog(harness, ['source cancelled', 'end'])
    },
  ),
  caseWith(
    'hangUp',
    { topic: 'leaving clients', name: 'does not report a body that ends because its client has left' },
    async (hangUp, harness) => {
      await hangUp('/abandoned-body')
      await expectLog(harness, ['end'])
    },
  ),
  caseWith(
    'leaveEarly',
    { topic: 'leaving clients', name: 'does not report a handler that ends because its client has left' },
    async (leaveEarly, harness) => {
      await leaveEarly('/abandoned')
      await expectLog(harness, ['end'])
    },
  ),
  ...casesOf('waitUntil', {
    async 'ends the scope after waitUntil work'(harness) {
      await readAndExpect(harness, '/later', ['work', 'end'])
    },
    async 'reports work that fails, and ends the scope'(harness) {
      await readAndExpect(harness, '/later?fail', ['waitUntil: lost', 'end'])
    },
  }),
  caseWith(
    'sendWithLimit',
    { topic: 'deadline', name: 'tells a deadline before the platform’s limit, and aborts in time for an answer' },
    async (sendWithLimit, harness) => {
      const limit = 600
      const response = await sendWithLimit('/deadline', limit)
      // The suite's application answers so.
      const { left, aborted } = (await response.json()) as { left: number | null; aborted: boolean }
      assertEqual([response.status, aborted], [200, true], 'answer')
      assertEqual(typeof left === 'number' && left < limit, true, 'a deadline before the limit')
      await expectLog(harness, ['aborted', 'end'])
    },
  ),
]
