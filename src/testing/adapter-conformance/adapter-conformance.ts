/** What an adapter's test supplies. The application behind it is that of `createConformanceApplication`. */
export interface AdapterHarness {
  /** Sends a request through the adapter; `path` begins with a slash. */
  readonly send: (path: string, init?: RequestInit) => Promise<Response>
  /** Starts reading a response and hangs up. Absent where the platform does not tell that a client left. */
  readonly hangUp?: (path: string) => Promise<void>
  /** False where responses are buffered: a body that fails half-way is then an error response. @default true */
  readonly streams?: boolean
}

/** One behaviour that every adapter must show. `run` rejects when it does not. */
export interface AdapterConformanceCase {
  readonly name: string
  readonly run: (harness: AdapterHarness) => Promise<void>
}

/**
 * What every adapter must do with requests, as cases for any test framework. Run them one after another: they share the
 * application's log.
 *
 * @example
 * import { adapterConformance, createConformanceApplication } from 'lexigram-edge/testing'
 *
 * const { app } = createConformanceApplication()
 * for (const { name, run } of adapterConformance()) test(name, () => run({ send: serveWithMyAdapter(app) }))
 */
export function adapterConformance(): readonly AdapterConformanceCase[] {
  return cases
}

const cases: readonly AdapterConformanceCase[] = [
  {
    name: 'hands over method, path, query, headers and body',
    async run({ send }) {
      const response = await send('/echo?q=%C3%A4&n=2', { method: 'PUT', headers: { 'x-test': 'v' }, body: 'häh' })
      const echo = (await response.json()) as Record<string, string>
      const { search } = new URL(echo['url'] ?? '')
      assertEqual([echo['method'], search, echo['header'], echo['bytes']], ['PUT', '?q=%C3%A4&n=2', 'v', 4], 'request')
    },
  },
  {
    name: 'carries bytes both ways unchanged',
    async run({ send }) {
      const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 31) % 256)
      const response = await send('/bytes', { method: 'POST', body: bytes })
      const back = new Uint8Array(await response.arrayBuffer())
      assertEqual(back.length, bytes.length, 'length')
      assertEqual(
        back.findIndex((byte, i) => byte !== bytes[i]),
        -1,
        'first differing byte',
      )
    },
  },
  {
    name: 'keeps status, headers and every cookie',
    async run({ send }) {
      const response = await send('/untouched')
      const text = await response.text()
      assertEqual(
        [response.status, response.headers.get('x-test'), text],
        [203, 'kept', 'nothing to release'],
        'response',
      )
      assertEqual((await send('/cookies')).headers.getSetCookie(), ['a=1', 'b=2; Path=/'], 'cookies')
    },
  },
  {
    name: 'ends the scope after the body was read to its end',
    async run(harness) {
      await readAndExpect(harness, '/stream', ['end'])
    },
  },
  {
    name: 'ends the scope of a response without a body',
    async run(harness) {
      await readAndExpect(harness, '/empty', ['end'])
    },
  },
  {
    name: 'ends the scope after waitUntil work',
    async run(harness) {
      await readAndExpect(harness, '/later', ['work', 'end'])
    },
  },
  {
    name: 'ends the scope of a body that fails half-way, and reports it',
    async run(harness) {
      const response = await harness.send('/stream?fail=3').catch(() => undefined)
      const text = await response?.text().catch(() => undefined)
      const broken = harness.streams === false ? (response?.status ?? 0) >= 500 : text === undefined
      assertEqual(broken, true, 'the client sees that the body is not whole')
      await expectLog(harness, ['stream: half-way', 'end'])
    },
  },
  {
    name: 'ends the scope when the client hangs up, and cancels the source',
    async run(harness) {
      if (harness.hangUp === undefined) return
      await harness.hangUp('/stream')
      await expectLog(harness, ['source cancelled', 'end'])
    },
  },
  {
    name: 'answers an expected error as problem details',
    async run(harness) {
      const response = await harness.send('/conflict')
      const problem = (await response.json()) as Record<string, unknown>
      assertEqual([response.status, problem['detail']], [409, 'taken'], 'problem')
      await expectLog(harness, ['end'])
    },
  },
  {
    name: 'reports an unexpected error and says nothing of it to the client',
    async run(harness) {
      const response = await harness.send('/throw')
      const text = await response.text()
      assertEqual([response.status, text.includes('swordfish')], [500, false], 'response')
      await expectLog(harness, ['handler: swordfish', 'end'])
    },
  },
  {
    name: 'never shares a session between interleaved requests',
    async run(harness) {
      const answers = Array.from({ length: 30 }, async () => (await harness.send('/interleaved')).text())
      const sessions = await Promise.all(answers)
      assertEqual([new Set(sessions).size, sessions.includes('mixed up')], [30, false], 'sessions')
      await expectLog(harness, Array<string>(30).fill('end'))
    },
  },
  {
    name: 'passes a request id on, and answers health checks',
    async run({ send }) {
      const echo = (await (await send('/echo', { headers: { 'x-request-id': 'abc-1' } })).json()) as {
        requestId: string
      }
      assertEqual(echo.requestId, 'abc-1', 'request id')
      for (const kind of ['live', 'ready', 'startup']) assertEqual((await send(`/health/${kind}`)).status, 200, kind)
    },
  },
]

async function readAndExpect(harness: AdapterHarness, path: string, expected: readonly string[]): Promise<void> {
  await (await harness.send(path)).text()
  await expectLog(harness, expected)
}

/** Waits for what must have happened by now or soon: a scope ends after its response. Numbers are left out. */
async function expectLog({ send }: AdapterHarness, expected: readonly string[]): Promise<void> {
  const lines: string[] = []
  for (let attempt = 0; attempt < 150 && lines.length < expected.length; attempt++) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, 20))
    lines.push(...((await (await send('/log')).json()) as string[]))
  }
  assertEqual(
    lines.map((line) => line.replace(/ \d+$/, '')),
    expected,
    'log',
  )
}

function assertEqual(actual: unknown, expected: unknown, what: string): void {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (found !== wanted) throw new Error(`${what}: expected ${wanted}, got ${found}`)
}
