import { UsageError, type Invocation } from '../../src/runtime/index.ts'
import type { WorkersContext } from './platform.ts'

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
    passThroughOnException: () => ctx?.passThroughOnException?.(),
  }
}

/** Tests and other programs that call a Worker by hand may forget its third argument. */
function assertContext(ctx: Partial<WorkersContext> | undefined): void {
  if (typeof ctx?.waitUntil === 'function') return
  throw new UsageError('the context of a Worker must have the method waitUntil', {
    hint: 'Pass it as the third argument: worker.fetch(request, env, ctx).',
  })
}

/** Cloudflare itself sets the header, whatever the client has sent. */
export function requestInvocation(request: Request, platform: Platform): Invocation {
  return {
    ...invocationOf(platform),
    clientAddress: () => request.headers.get('cf-connecting-ip') ?? undefined,
  }
}
