import { UsageError, type Scope } from '../../../src/runtime/index.ts'

/** Names that the platform calls itself, or that stubs of RPC have for themselves. */
const reserved = new Set(
  ['constructor', 'ctx', 'env', 'fetch', 'connect', 'scheduled', 'queue', 'email', 'tail', 'tailStream', 'test'].concat(
    ['alarm', 'webSocketMessage', 'webSocketClose', 'webSocketError', 'then', 'catch', 'finally', 'dup', 'map'],
  ),
)

/** Methods by name. Each gets a scope of its own before what the caller sends, which has to be plain data. */
export type RpcMethods = Readonly<Record<string, (scope: Scope, ...args: never[]) => unknown>>

/** One call; what `RequestContext.event` is meanwhile. */
export interface RpcCall {
  readonly method: string
  readonly args: readonly unknown[]
}

/**
 * Puts methods where RPC looks for them, on the prototype of the class.
 *
 * @throws UsageError `LEX_ERR_USE_001` for a name that cannot be called over RPC
 * @see https://developers.cloudflare.com/workers/runtime-apis/rpc/reserved-methods/
 */
export function defineMethods<This>(
  target: { readonly prototype: This },
  methods: RpcMethods,
  answer: (self: This, call: RpcCall, work: (scope: Scope) => unknown) => unknown,
): void {
  for (const [method, work] of Object.entries(methods)) {
    if (reserved.has(method)) {
      throw new UsageError(`${method} cannot be a method of RPC`, {
        hint: 'The platform uses the name: choose another.',
      })
    }
    Object.defineProperty(target.prototype, method, {
      value(this: This, ...args: unknown[]) {
        // A caller over RPC is checked by nobody: arguments are what the method's type says, or its own to check.
        return answer(this, { method, args }, (scope) => work(scope, ...(args as never[])))
      },
      configurable: true,
      writable: true,
    })
  }
}
