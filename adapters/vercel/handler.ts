import { assertOptions, must, type OptionCheck } from '../../src/core/assert-options.ts'
import {
  asDecoded,
  assertApplication,
  stopOnTermination,
  type Application,
  type Track,
} from '../../src/runtime/index.ts'
import { platformContext, type PlatformContext } from './request-context.ts'
import { processEnv, vercelInstance, vercelRuntime } from './runtime.ts'

/** Options of `vercel`. */
export interface VercelOptions {
  /** What configuration is read from. @default process.env */
  readonly env?: object
  /**
   * The function's `maxDuration`, in seconds: the request's signal aborts a moment before.
   * @default the deadline that the platform reports, if any
   */
  readonly maxDuration?: number
  /** How long before its end the signal aborts, in milliseconds; never more than half of the time. @default 500 */
  readonly deadlineMargin?: number
  /** `waitUntil` of `@vercel/functions`, should the platform's own not be found. @default the platform's */
  readonly waitUntil?: (work: Promise<unknown>) => void
  /**
   * `attachDatabasePool` of `@vercel/functions`: pools that drivers open are shown to it, so that an instance is not
   * suspended before their idle clients are closed. @default pools are not attached
   */
  readonly attachDatabasePool?: (pool: never) => void
}

const optionChecks = {
  env: must.beObject,
  maxDuration: {
    expected: 'a number above 0 (seconds)',
    holds: (value) => typeof value === 'number' && value > 0,
    kind: 'number',
  },
  deadlineMargin: must.beNumberFrom(0),
  waitUntil: must.beFunction,
  attachDatabasePool: must.beFunction,
} satisfies Readonly<Record<keyof VercelOptions, OptionCheck>>

/**
 * In milliseconds, of the 500 that an instance has after SIGTERM.
 *
 * @see https://vercel.com/docs/functions/functions-api-reference#sigterm-signal
 */
const afterSigterm = { budget: 450, grace: 200 }

type Handle = (request: Request) => Promise<Response>

/** What a function's module exports: `export default vercel(app)`, or the methods by name. */
export interface VercelHandler {
  readonly fetch: Handle
  readonly GET: Handle
  readonly HEAD: Handle
  readonly POST: Handle
  readonly PUT: Handle
  readonly PATCH: Handle
  readonly DELETE: Handle
  readonly OPTIONS: Handle
}

/**
 * Makes a Vercel Function of an application, on Node with Fluid compute or, with drivers that need no sockets, on the
 * edge runtime. For `request.signal` to abort when a client disconnects, set `"supportsCancellation": true` in
 * vercel.json.
 *
 * @throws UsageError `LEX_ERR_USE_001` for malformed options
 * @example
 * import { vercel } from 'lexigram-edge/vercel'
 *
 * export default vercel(app, { maxDuration: 300 })
 */
export function vercel(app: Application, options: VercelOptions = {}): VercelHandler {
  assertApplication(app)
  assertOptions(options, optionChecks, 'the options of vercel')
  const { maxDuration = Infinity, deadlineMargin = 500 } = options
  const runtime = vercelRuntime(attachWith(app, options))
  const env = options.env ?? processEnv()
  const instance = vercelInstance()
  const track: Track =
    instance === undefined ? (work) => work : stopOnTermination(() => app.stop(env), instance, afterSigterm)
  const fetch: Handle = (request) => {
    const platform = platformOf(app)
    const keep = platform.waitUntil ?? options.waitUntil ?? keepNothingAlive
    const waitUntil = (work: Promise<unknown>): void => keep(track(work))
    const now = Date.now()
    const end = Math.min(platform.deadline ?? Infinity, now + maxDuration * 1000)
    const deadline = end === Infinity ? {} : { deadline: before(end, now, deadlineMargin) }
    // Vercel itself sets the header, whatever the client has sent.
    const clientAddress = (): string | undefined => request.headers.get('x-real-ip') ?? undefined
    return track(app.handle(request, { env, waitUntil, clientAddress, ...deadline }, runtime).then(asDecoded))
  }
  return { fetch, GET: fetch, HEAD: fetch, POST: fetch, PUT: fetch, PATCH: fetch, DELETE: fetch, OPTIONS: fetch }
}

/** A request is answered even where the platform’s own context cannot be read. */
function platformOf(app: Application): PlatformContext {
  try {
    return platformContext()
  } catch (error) {
    app.options.onError?.({ error, phase: 'handler' })
    return {}
  }
}

/** When the signal aborts. What has little time left has at least half of it for work. */
function before(end: number, now: number, margin: number): number {
  return end - Math.min(margin, Math.max(0, (end - now) / 2))
}

/** A process that is not suspended, as in development, finishes its work by itself; the work never rejects. */
function keepNothingAlive(): void {}

/** A pool that cannot be attached still works. */
function attachWith(app: Application, { attachDatabasePool }: VercelOptions): ((pool: unknown) => void) | undefined {
  if (attachDatabasePool === undefined) return undefined
  return (pool) => {
    try {
      // It distinguishes the vendors' pools itself, and refuses what it does not know.
      attachDatabasePool(pool as never)
    } catch (error) {
      app.options.onError?.({ error, phase: 'provider' })
    }
  }
}
