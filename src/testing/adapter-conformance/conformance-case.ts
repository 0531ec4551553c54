/** What an adapter's test supplies. The application is that of `createConformanceApplication`. */
export interface AdapterHarness {
  /** Sends a request through the adapter; `path` begins with a slash. */
  readonly send: Send
  /** Starts reading a response and hangs up; or the reason why the application does not learn of that. */
  readonly hangUp?: ((path: string) => Promise<void>) | string
  /** Sends a request and leaves before the first byte of its answer; or the reason why the application does not learn of that. */
  readonly leaveEarly?: ((path: string) => Promise<void>) | string
  /**
   * Sends a request to which the platform allows so many milliseconds, and reads the answer; or the reason why there is no
   * limit.
   */
  readonly sendWithLimit?: ((path: string, milliseconds: number) => Promise<Response>) | string
  /**
   * Serves the application anew, sends it one request, reads the answer, stops it as the platform does, and returns every
   * line of `onLog`; or the reason why the platform does not signal the end.
   */
  readonly serveOnce?: ((path: string) => Promise<readonly string[]>) | string
  /** The reason why a client cannot see the `content-length` of an answer. @default it can */
  readonly hidesLengths?: string
  /** False where responses are buffered: a body that fails half-way is then an error response. @default true */
  readonly streams?: boolean
  /** True where the platform has an id for each request, which is used in place of the client's. @default false */
  readonly ownRequestIds?: boolean
}

export type Send = (path: string, init?: RequestInit) => Promise<Response>

/** What a case is about. */
export type AdapterTopic = (typeof adapterTopics)[number]
/** Every topic that a case of the suite can have, in the order of the report. */
export const adapterTopics = [
  'requests',
  'responses',
  'kinds of bodies',
  'lengths',
  'lifecycle order',
  'streaming end',
  'leaving clients',
  'waitUntil',
  'deadline',
  'isolation',
  'errors',
  'thrown values',
  'health',
] as const

/** One behaviour that every adapter must show. */
export interface AdapterConformanceCase {
  readonly topic: AdapterTopic
  readonly name: string
  /** Why the case does not apply to an adapter; undefined when the adapter must pass it. */
  readonly notApplicable: (harness: AdapterHarness) => string | undefined
  /** Rejects when the adapter does not show the behaviour, or the case does not apply to it. */
  readonly run: (harness: AdapterHarness) => Promise<void>
}

type Checks = Readonly<Record<string, (harness: AdapterHarness) => Promise<void>>>

/** Makes the cases of one topic, which apply to every adapter unless `notApplicable` returns why they do not. */
export function casesOf(
  topic: AdapterTopic,
  checks: Checks,
  notApplicable: AdapterConformanceCase['notApplicable'] = () => undefined,
): readonly AdapterConformanceCase[] {
  return Object.entries(checks).map(([name, check]) => ({
    topic,
    name,
    notApplicable,
    async run(harness) {
      assertApplicable(notApplicable(harness))
      await check(harness)
    },
  }))
}

function assertApplicable(reason: string | undefined): void {
  if (reason !== undefined) throw new Error(`not applicable: ${reason}`)
}

/** Makes a case that applies where the harness has what it needs. */
export function caseWith<K extends 'hangUp' | 'leaveEarly' | 'sendWithLimit' | 'serveOnce'>(
  need: K,
  { topic, name }: Pick<AdapterConformanceCase, 'topic' | 'name'>,
  check: (able: Exclude<AdapterHarness[K], string | undefined>, harness: AdapterHarness) => Promise<void>,
): AdapterConformanceCase {
  const notApplicable = (harness: AdapterHarness): string | undefined => {
    const given = harness[need]
    return typeof given === 'function' ? undefined : (given ?? `the harness must have ${need}`)
  }
  return {
    topic,
    name,
    notApplicable,
    async run(harness) {
      assertApplicable(notApplicable(harness))
      // It is a function, as there was no reason.
      await check(harness[need] as Parameters<typeof check>[0], harness)
    },
  }
}

export async function readAndExpect(harness: AdapterHarness, path: string, expected: readonly string[]): Promise<void> {
  await (await harness.send(path)).text()
  await expectLog(harness, expected)
}

/** Waits for what must have happened by now or soon: a scope ends after its response. Numbers are left out. */
export async function expectLog({ send }: AdapterHarness, expected: readonly string[]): Promise<void> {
  const lines: string[] = []
  for (let attempt = 0; attempt < 150 && lines.length < expected.length; attempt++) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, 20))
    lines.push(...((await (await send('/log')).json()) as string[]))
  }
  assertEqual(lines.map(withoutNumber), expected, 'log')
}

export function withoutNumber(line: string): string {
  return line.replace(/ \d+$/, '')
}

export function assertEqual(actual: unknown, expected: unknown, what: string): void {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (found !== wanted) throw new Error(`${what}: expected ${wanted}, got ${found}`)
}
