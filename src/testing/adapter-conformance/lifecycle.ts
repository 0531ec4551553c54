import {
  assertEqual,
  casesOf,
  caseWith,
  expectLog,
  readAndExpect,
  withoutNumber,
  type AdapterConformanceCase,
} from './conformance-case.ts'

const oneRequest = ['handler', 'body', 'work', 'transaction released', 'end']

/** What happens in which order, from the boot to the end of the application. */
export const lifecycleCases: readonly AdapterConformanceCase[] = [
  ...casesOf('lifecycle order', {
    async 'registers, boots once, and only then handles requests'(harness) {
      await readAndExpect(harness, '/', ['end'])
      assertEqual(await (await harness.send('/lifecycle')).json(), ['register', 'boot', 'request'], 'lifecycle')
    },
    async 'releases what a request has made after its body and its work, the last made first'(harness) {
      await readAndExpect(harness, '/order', oneRequest)
    },
  }),
  caseWith(
    'serveOnce',
    { topic: 'lifecycle order', name: 'stops providers, then releases singletons, after the last scope has ended' },
    async (serveOnce) => {
      const lines = await serveOnce('/order')
      const whole = ['register', 'boot', 'request', ...oneRequest, 'shutdown', 'singleton released']
      assertEqual(lines.map(withoutNumber), whole, 'lines')
    },
  ),
  ...casesOf('isolation', {
    async 'never shares a session between interleaved requests'(harness) {
      const answers = Array.from({ length: 30 }, async () => (await harness.send('/interleaved')).text())
      const sessions = await Promise.all(answers)
      assertEqual([new Set(sessions).size, sessions.includes('mixed up')], [30, false], 'sessions')
      await expectLog(harness, Array<string>(30).fill('end'))
    },
  }),
]
