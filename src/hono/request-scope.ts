import type { Context, MiddlewareHandler } from 'hono'
import type { Scope } from '../container/resolver.ts'
import type { Token } from '../core/token.ts'
import { UsageError } from '../core/errors.ts'
import type { ExecutionContext } from '../runtime/invocation/execution-context.ts'

/** Variables that {@link requestScope} sets; give them to `new Hono<{ Variables: ScopeVariables }>()`. */
export interface ScopeVariables {
  scope: Scope
}

/**
 * The scope of the request that a Hono context belongs to. It is opened and ended by the entry point, so there is
 * nothing to close here. Throws `LEX_ERR_USE_001` when the app was not started through an adapter.
 *
 * @example
 * import { scopeOf } from 'lexigram-edge/hono'
 *
 * routes.get('/products', async (c) => c.json(await scopeOf(c).get(ProductRepository).list()))
 */
export function scopeOf(c: Context): Scope {
  const scope = executionContext(c)?.scope
  if (scope !== undefined) return scope
  throw new UsageError('this request has no scope', {
    hint:
      'Serve the routes with createApplication({ fetch: routes.fetch }) and an adapter such as workers(app); ' +
      'in tests send requests by startTestApplication(app), not by routes.request().',
  })
}

/** The instance for a token, from the scope of the request. */
export function resolve<T>(c: Context, token: Token<T>): Promise<T> {
  return scopeOf(c).resolve(token)
}

/** Middleware that puts the request's scope into `c.var.scope`. */
export function requestScope(): MiddlewareHandler<{ Variables: ScopeVariables }> {
  return async function setScope(c, next) {
    c.set('scope', scopeOf(c))
    await next()
  }
}

/** What an adapter hands to the routes; absent or the platform's own when there is none. */
export function executionContext(c: Context): Partial<ExecutionContext> | undefined {
  try {
    return c.executionCtx
  } catch {
    // Hono throws when there is no execution context at all.
    return undefined
  }
}
