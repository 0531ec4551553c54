import { assertApplication, type Application } from '../../src/runtime/index.ts'
import { platformWaitUntil } from './request-context.ts'
import { processEnv, vercelRuntime } from './runtime.ts'

export interface VercelOptions {
  /** What configuration is read from. @default process.env */
  readonly env?: object
  /** The function's `maxDuration`, in seconds: the request's signal aborts a moment before. @default no deadline */
  readonly maxDuration?: number
  /** How long before `maxDuration` the signal aborts, in milliseconds. @default 500 */
  readonly deadlineMargin?: number
  /** `waitUntil` of `@vercel/functions`, should the platform's own not be found. @default the platform's */
  readonly waitUntil?: (work: Promise<unknown>) => void
}

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
 * edge runtime. For `request.signal` to abort when a client leaves, set `"supportsCancellation": true` in vercel.json.
 *
 * @example
 * import { vercel } from 'lexigram-edge/vercel'
 *
 * export default vercel(app, { maxDuration: 300 })
 */
export function vercel(app: Application, options: VercelOptions = {}): VercelHandler {
  assertApplication(app)
  const { maxDuration, deadlineMargin = 500 } = options
  const fetch: Handle = (request) => {
    const deadline = maxDuration === undefined ? {} : { deadline: Date.now() + maxDuration * 1000 - deadlineMargin }
    const waitUntil = platformWaitUntil() ?? options.waitUntil ?? keepNothingAlive
    return app.handle(request, { env: options.env ?? processEnv(), waitUntil, ...deadline }, vercelRuntime())
  }
  return { fetch, GET: fetch, HEAD: fetch, POST: fetch, PUT: fetch, PATCH: fetch, DELETE: fetch, OPTIONS: fetch }
}

/** A process that is not suspended, as in development, finishes its work by itself; the work never rejects. */
function keepNothingAlive(): void {}
