/**
 * AWS Lambda: one application behind API Gateway, function URLs, load balancers and VPC Lattice.
 *
 * @module
 */

export { lambda, type LambdaHandler, type LambdaOptions } from './handler.ts'
export type { HttpResult } from './http/result.ts'
export type { LambdaContext } from './platform.ts'
