import { UsageError, type Scope } from '../../../src/runtime/index.ts'

/** Names that the platform calls itself, or that stubs of RPC have for themselves. */
const reserved = new Set(
  ['ctx', 'env', 'fetch', 'connect', 'scheduled', 'queue', 'email', 'tail', 'tailStream', 'test'].concat(
    ['alarm', 'webSocketMessage', 'webSocketClose', 'webSocketError', 'then', 'catch', 'finally', 'dup', 'map'],
    // Every object has these, stubs included: a caller would never reach the method.
    Object.getOwnPropertyNames(Object.prototype),
  ),
)

/** Methods by name. Each gets its own scope before what the caller sends, which has to be plain data. */
export type RpcMethods = Readonly<Record<string, (scope: Scope, ...args: never[]) => unknown>>

/** One call; what `RequestContext.event` is meanwhile. */
export interface RpcCall {
  readonly method: string
  readonly args: readonly unknown[]
}

/**
 * Puts methods where RPC looks for them, on the prototype of the class.
 *
 * @param taken Names that stubs of this class have beside those of all.
 * @throws UsageError `LEX_ERR_USE_001` for a name that cannot be called over RPC, and for a value that is not a function
 * @see https://developers.cloudflare.com/workers/runtime-apis/rpc/reserved-methods/
 */
export function defineMethods<This>(
  target: { readonly prototype: This; readonly taken?: readonly string[] },
  methods: RpcMethods,
  answer: (self: This, call: RpcCall, work: (scope: Scope) => unknown) => unknown,
): void {
  for (const method of Reflect.ownKeys(methods)) {
    const work = callable(methods, method, target.taken ?? [])
    Object.defineProperty(target.prototype, method, {
      value(this: This, ...args: unknown[]) {
        // Callers over RPC are not checked: the method checks its arguments.
        return answer(this, { method: method as string, args }, (scope) => work(scope, ...(args as never[])))
      },
      configurable: true,
      writable: true,
    })
  }
}

function callable(methods: RpcMethods, method: string | symbol, taken: readonly string[]): RpcMethods[string] {
  if (typeof method === 'symbol' || reserved.has(method) || taken.includes(method)) {
    throw new UsageError(`${String(method)} cannot be a method of RPC`, {
      hint: 'Choose another name: the platform uses this one.',
    })
  }
  const work: unknown = methods[method]
  if (typeof work === 'function') return work as RpcMethods[string] // as the type of `methods` says
  throw new UsageError(`the RPC method ${method} must be a function`, { hint: `${method}: (scope, …) => …` })
}
