import type { Context, MiddlewareHandler } from 'hono'
import type { Scope } from '../container/resolver.ts'
import type { Token } from '../core/token.ts'
import type { Span } from '../core/tracing/tracer.ts'
import type { ExecutionContext } from '../runtime/invocation/request-context.ts'
import { executionContextOf, scopeFrom } from '../runtime/invocation/scope-source.ts'

/** Variables that {@link requestScope} sets; pass them to `new Hono<{ Variables: ScopeVariables }>()`. */
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
  return scopeFrom(c)
}

/** The instance for a token, from the scope of the request. */
export function resolve<T>(c: Context, token: Token<T>): Promise<T> {
  return scopeOf(c).resolve(token)
}

/** Middleware that puts the request's scope into `c.var.scope`, and names the request's span by its route. */
export function requestScope(): MiddlewareHandler<{ Variables: ScopeVariables }> {
  return async function setScope(c, next) {
    c.set('scope', scopeOf(c))
    await next()
    const span = executionContext(c)?.span
    if (span !== undefined) noteRoute(span, c)
  }
}

/** The last route that is not a middleware's: there the answer comes from. */
function noteRoute(span: Span, c: Context): void {
  const route = c.req.matchedRoutes.findLast(({ path }) => !path.endsWith('*'))
  if (route === undefined) return
  span.set('http.route', route.path)
  span.rename(`${c.req.method} ${route.path}`)
}

/** What an adapter hands to the routes; absent or the platform's own when there is none. */
export function executionContext(c: Context): Partial<ExecutionContext> | undefined {
  // The platform's has none of the members, which are all asked for as optional.
  return executionContextOf(c) as Partial<ExecutionContext> | undefined
}
