import { bodyKinds } from './body-kinds.ts'
import {
  assertEqual,
  casesOf,
  expectLog,
  type AdapterConformanceCase,
  type AdapterHarness,
} from './conformance-case.ts'

const lengthChecks = {
  async 'sends the content-length of a body whose scope holds nothing'(harness) {
    await expectLength(await harness.send('/length'))
  },
  async 'sends the content-length of a body whose scope holds something'(harness) {
    await expectLength(await harness.send('/length?scope=held'))
    await expectLog(harness, ['end'])
  },
  async 'sends the content-length of a body that HEAD leaves out'(harness) {
    const response = await harness.send('/length?scope=held', { method: 'HEAD' })
    await response.text()
    assertEqual(response.headers.get('content-length'), '5', 'length')
    await expectLog(harness, ['end'])
  },
} satisfies Readonly<Record<string, (harness: AdapterHarness) => Promise<void>>>

/** What becomes of bodies on their way out. */
export const bodyCases: readonly AdapterConformanceCase[] = [
  ...casesOf('kinds of bodies', {
    ...Object.fromEntries(
      Object.entries(bodyKinds).map(([kind, { text }]) => [
        `sends ${kind}`,
        (harness: AdapterHarness) => expectBody(harness, kind, text),
      ]),
    ),
    async 'sends the bodies that only this runtime has'(harness) {
      // The suite's application answers so.
      const kinds = (await (await harness.send('/kinds')).json()) as [string, string][]
      for (const [kind, text] of kinds) await expectBody(harness, kind, text)
    },
  }),
  ...casesOf('lengths', lengthChecks, ({ hidesLengths }) => hidesLengths),
]

async function expectBody(harness: AdapterHarness, kind: string, text: string): Promise<void> {
  const response = await harness.send(`/body?kind=${encodeURIComponent(kind)}`)
  assertEqual([response.status, await response.text()], [200, text], kind)
  await expectLog(harness, ['end'])
}

async function expectLength(response: Response): Promise<void> {
  const length = response.headers.get('content-length')
  assertEqual([length, await response.text()], ['5', 'hello'], 'length and body')
}
