import type { Invocation } from '../../src/runtime/index.ts'
import type { WorkersContext } from './platform.ts'

/** What every Workers handler is given beside the event. */
export interface Platform {
  readonly env: object
  readonly ctx: WorkersContext
}

/** The platform's methods are called on `ctx` itself: taken off it they throw "Illegal invocation". */
export function invocationOf<Event>({ env, ctx }: Platform, event?: Event): Invocation & { readonly event: Event } {
  return {
    env,
    // A caller without it does not need it.
    event: event as Event,
    platform: ctx,
    waitUntil: (work) => ctx.waitUntil(work),
    passThroughOnException: () => ctx.passThroughOnException?.(),
  }
}

/** Cloudflare itself sets the header, whatever the client has sent. */
export function requestInvocation(request: Request, platform: Platform): Invocation {
  return {
    ...invocationOf(platform),
    clientAddress: () => request.headers.get('cf-connecting-ip') ?? undefined,
  }
}
