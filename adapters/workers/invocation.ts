import { kindOf } from '../../src/core/plain-object.ts'
import { isThenable } from '../../src/core/time-limit.ts'
import { unavailable } from '../../src/core/unavailable.ts'
import { UsageError, type Application, type Invocation } from '../../src/runtime/index.ts'
import type { WorkersContext } from './platform.ts'
import { workersRuntime } from './runtime.ts'

/** What every Workers handler is given beside the event. */
export interface Platform {
  readonly env: object
  /** Missing where a program that calls a Worker by hand has left it out. */
  readonly ctx: WorkersContext
}

/** The platform's methods are called on `ctx` itself: taken off it they throw "Illegal invocation". */
export function invocationOf<Event>({ env, ctx }: Platform, event?: Event): Invocation & { readonly event: Event } {
  return {
    env,
    // A caller without it does not need it.
    event: event as Event,
    platform: ctx,
    waitUntil(work) {
      assertContext(ctx)
      ctx.waitUntil(work)
    },
    passThroughOnException() {
      if (typeof ctx?.passThroughOnException !== 'function') return false
      ctx.passThroughOnException()
      return true
    },
  }
}

/** Tests and other programs that call a Worker by hand may forget its third argument. */
function assertContext(ctx: Partial<WorkersContext> | undefined): void {
  if (typeof ctx?.waitUntil === 'function') return
  throw new UsageError('the context of a Worker must have waitUntil', {
    hint: 'Call fetch(request, env, ctx).',
  })
}

/** Cloudflare itself sets the header, whatever the client has sent. */
function requestInvocation(request: Request, platform: Platform): Invocation {
  return {
    ...invocationOf(platform),
    clientAddress: () => request.headers.get('cf-connecting-ip') ?? undefined,
  }
}

/** Answers a request; rejects only with an exception that the handler lets pass. Answers 503 if the environment cannot be read, which is already reported. */
export function answerFetch(app: Application, request: Request, platformOf: () => Platform): Promise<Response> {
  let platform: Platform
  try {
    platform = platformOf()
  } catch {
    return Promise.resolve(unavailable())
  }
  return app.handle(request, requestInvocation(request, platform), workersRuntime)
}

/** Makes an environment of the platform's own. */
export type Environment<Env> = (env: Env) => object

/**
 * The environment that a Worker's option `env` derives, once for each environment of the platform. What it throws is
 * reported, and thrown.
 *
 * @throws UsageError `LEX_ERR_USE_001` from what is returned, for a promise and other values that are not environments
 */
export function environmentOf<Env extends object>(
  app: Application,
  derive: ((env: Env) => unknown) | undefined,
): Environment<Env> {
  if (derive === undefined) return (env) => env
  const known = new WeakMap<object, object>()
  return (env) => {
    try {
      const derived = known.get(env) ?? derive(env)
      if (typeof derived !== 'object' || derived === null || isThenable(derived)) {
        throw new UsageError(`the option env must return an object, not ${kindOf(derived)}`)
      }
      // A program that calls a Worker by hand may have left the environment out.
      known.set(Object(env), derived)
      return derived
    } catch (error) {
      app.options.onError?.({ error, phase: 'boot' })
      throw error
    }
  }
}
