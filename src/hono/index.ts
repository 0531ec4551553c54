/**
 * Hono: the request's scope, results as responses, validated bodies, problem details.
 *
 * @module
 */

export { getConnInfo } from './conn-info.ts'
export { notFound, onError } from './problems.ts'
export { requestScope, resolve, scopeOf, type ScopeVariables } from './request-scope.ts'
export { respond, type RespondOptions } from './respond.ts'
export { validJson } from './validate.ts'
