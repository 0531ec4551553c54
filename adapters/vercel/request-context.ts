/** What Vercel's runtime says of the request that is being handled. */
export interface PlatformContext {
  /** Keeps the instance until the work is done. */
  readonly waitUntil?: (work: Promise<unknown>) => void
  /** When the invocation will be stopped, in milliseconds since the epoch. */
  readonly deadline?: number
}

const key = Symbol.for('@vercel/request-context')

/**
 * The request's own context, as `@vercel/functions` finds it; empty outside of Vercel. Has to be read while the request
 * is being handled, before anything is awaited.
 *
 * @see https://github.com/vercel/vercel/blob/main/packages/functions/src/get-context.ts
 */
export function platformContext(): PlatformContext {
  const reader = (globalThis as Record<symbol, unknown>)[key] as { get?: () => Given | undefined } | undefined
  const context = reader?.get?.()
  const waitUntil = context?.waitUntil
  const deadline = new Date(context?.deadline ?? Number.NaN).getTime()
  return {
    ...(typeof waitUntil === 'function' && { waitUntil: (work) => waitUntil.call(context, work) }),
    ...(!Number.isNaN(deadline) && { deadline }),
  }
}

interface Given {
  readonly waitUntil?: (work: Promise<unknown>) => void
  readonly deadline?: string | number | Date
}
