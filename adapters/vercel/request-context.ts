/** What Vercel's runtime provides for the request that is being handled. */
interface VercelRequestContext {
  readonly waitUntil?: (work: Promise<unknown>) => void
}

const key = Symbol.for('@vercel/request-context')

/**
 * The request's own `waitUntil`, as `@vercel/functions` finds it; undefined outside of Vercel. Has to be read while the
 * request is being handled, before anything is awaited.
 *
 * @see https://github.com/vercel/vercel/blob/main/packages/functions/src/get-context.ts
 */
export function platformWaitUntil(): ((work: Promise<unknown>) => void) | undefined {
  const reader = (globalThis as Record<symbol, unknown>)[key] as { get?: () => VercelRequestContext } | undefined
  const context = reader?.get?.()
  const waitUntil = context?.waitUntil
  return waitUntil === undefined ? undefined : (work) => waitUntil.call(context, work)
}
