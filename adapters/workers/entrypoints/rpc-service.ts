import { WorkerEntrypoint } from 'cloudflare:workers'
import { assertOptions, must } from '../../../src/core/assert-options.ts'
import { assertApplication, type Application, type Result, type Scope } from '../../../src/runtime/index.ts'
import type { ErrorData } from '../error-data.ts'
import type { PlatformMembers, WorkersContext } from '../platform.ts'
import { environmentOf } from '../invocation.ts'
import { answerCall } from './answer-call.ts'
import { defineMethods, type RpcMethods } from './rpc-methods.ts'

/** What a caller gets of a method: always a `Result`, whose error is plain data. */
export type RpcResult<R> =
  R extends Result<infer T, infer E> ? Result<T, (E extends Error ? never : E) | ErrorData> : Result<R, ErrorData>

/** The methods as a caller sees them, through a service binding. */
export type RpcStub<M extends RpcMethods> = {
  readonly [K in keyof M]: M[K] extends (scope: Scope, ...args: infer A) => infer R
    ? (...args: A) => Promise<RpcResult<Awaited<R>>>
    : never
}

/** A class for the Worker to export; workerd makes an instance of it for each call. */
export type RpcService<M extends RpcMethods, Env> = new (
  ctx: WorkersContext,
  env: Env,
) => RpcStub<M> & PlatformMembers<Env> & { readonly __WORKER_ENTRYPOINT_BRAND: never }

/** Options of `rpcService`. */
export interface RpcServiceOptions<Env extends object> {
  /** Derives the environment, as `workers(app, { env })` does. Entrypoints with the same object share the application. */
  readonly env?: (env: Env) => object
}

/**
 * Makes a named entrypoint of an application, for other Workers to call over a service binding. Each call gets its
 * own scope, which ends before the answer; after the bytes of one that is a stream or a `Response`. A caller gets a
 * `Result` of every call that the platform carries: what a method returns, or what it threw as data with code and status;
 * of a failure that is not the caller's fault only these, and `onError` receives it with the method's name. The same
 * holds for an answer that RPC cannot carry (an instance of a class) and for an application that does not boot, which
 * is 503.
 *
 * @throws UsageError `LEX_ERR_USE_001` for a value that is not an application, a method whose name RPC reserves, and one that
 * is not a function
 * @see https://developers.cloudflare.com/workers/runtime-apis/bindings/service-bindings/rpc/
 * @example
 * import { rpcService } from 'lexigram-edge/workers/entrypoints'
 *
 * export const Catalog = rpcService(app, {
 *   find: async (scope, id: string) => (await scope.resolve(ProductRepository)).find(id),
 * })
 */
export function rpcService<const M extends RpcMethods, Env extends object = object>(
  app: Application,
  methods: M,
  options: RpcServiceOptions<Env> = {},
): RpcService<M, Env> {
  assertApplication(app)
  assertOptions(options, { env: must.beFunction }, 'the options of rpcService')
  const environment = environmentOf(app, options.env)
  class Service extends WorkerEntrypoint<WorkersContext, Env> {}
  defineMethods(Service, methods, ({ env, ctx }, call, work) =>
    answerCall(app, { call, platformOf: () => ({ env: environment(env), ctx }) }, work),
  )
  // Its methods are put there by name, which the compiler does not see.
  return Service as unknown as RpcService<M, Env>
}
