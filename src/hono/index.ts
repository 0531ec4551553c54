/**
 * Hono: the request's scope, results as responses, validated bodies, problem details.
 *
 * @module
 */

export { getConnInfo } from './conn-info.ts'
export { notFound, onError } from './problems.ts'
export { requestScope, resolve, scopeOf, type ScopeVariables } from './request-scope.ts'
export { respond, type AnswerOf, type ProblemAnswer, type RespondOptions } from './respond.ts'
export { valid, type ValidInput, type ValidMiddleware, type ValidTarget } from './valid.ts'
export { validJson } from './validate.ts'
