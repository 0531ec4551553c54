import type { Scope } from '../../container/resolver.ts'
import { UsageError } from '../../core/errors.ts'

/** What a scope is found by: itself, or the context of a request, such as Hono's `c`. */
export type ScopeSource = Scope | { readonly executionCtx: unknown }

/** @throws UsageError for a request that has no scope, because no adapter started the application */
export function scopeFrom(source: ScopeSource): Scope {
  if (isScope(source)) return source
  const scope = (executionContextOf(source) as { readonly scope?: unknown } | undefined)?.scope
  if (isScope(scope)) return scope
  throw new UsageError('this request must have a scope', {
    hint:
      'Serve the routes with createApplication({ fetch: routes.fetch }) and an adapter such as workers(app); ' +
      'in tests send requests by startTestApplication(app), not by routes.request().',
  })
}

/** What an adapter hands to the routes; absent or the platform's own when there is none. */
export function executionContextOf(source: unknown): unknown {
  try {
    return (source as { readonly executionCtx?: unknown } | null | undefined)?.executionCtx
  } catch {
    // Hono throws when there is no execution context at all.
    return undefined
  }
}

function isScope(value: unknown): value is Scope {
  return typeof (value as Partial<Scope> | null | undefined)?.resolve === 'function' // anything may be asked for it
}
