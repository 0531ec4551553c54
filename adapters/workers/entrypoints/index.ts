/**
 * Classes for a Worker to export by name: RPC for other Workers, Durable Objects with alarms, and a Durable Object that
 * holds a connection. They need the runtime's own module, so that this entry can be imported in workerd only.
 *
 * @module
 */

export type { ErrorData } from '../error-data.ts'
export { durableConnection, type DurableConnection, type DurableConnectionOptions } from './durable-connection.ts'
export { durableObject, type DurableObjectClass, type DurableObjectOptions } from './durable-object.ts'
export type { RpcCall, RpcMethods } from './rpc-methods.ts'
export { rpcService, type RpcResult, type RpcService, type RpcServiceOptions, type RpcStub } from './rpc-service.ts'
