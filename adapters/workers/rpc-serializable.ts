import { UsageError } from '../../src/runtime/index.ts'

/**
 * What of a value the platform would refuse to carry over RPC, named by its kind: plain data crosses, and what the
 * platform knows itself. Undefined for what crosses.
 *
 * @param stubs Whether functions may cross, as stubs that their receiver has to dispose.
 * @see https://developers.cloudflare.com/workers/runtime-apis/rpc/
 */
export function findUnserializable(value: unknown, { stubs }: { readonly stubs: boolean }): string | undefined {
  const seen = new Set<object>()
  const visit = (part: unknown): string | undefined => {
    if (typeof part === 'symbol') return 'a symbol'
    if (typeof part === 'function') return stubs ? undefined : 'a function'
    if (typeof part !== 'object' || part === null || seen.has(part)) return undefined
    seen.add(part)
    const parts = partsOf(part)
    if (parts === undefined) return foreign(part)
    for (const inner of parts) {
      const obstacle = visit(inner)
      if (obstacle !== undefined) return obstacle
    }
    return undefined
  }
  return visit(value)
}

/** The parts of a value; undefined for what crosses as a whole or not at all. */
function partsOf(value: object): Iterable<unknown> | undefined {
  if (Array.isArray(value) || value instanceof Set) return value
  if (value instanceof Map) return [...value.keys(), ...value.values()]
  const prototype = Object.getPrototypeOf(value) as object | null
  // An object literal's, of whichever realm.
  return prototype !== null && Object.getPrototypeOf(prototype) === null ? Object.values(value) : undefined
}

/** What the language and the platform define says so of itself; the rest is an application's class. */
function foreign(value: object): string | undefined {
  const kind = Object.prototype.toString.call(value).slice('[object '.length, -1)
  if (kind !== 'Object') return uncarried.test(kind) ? `an object of the kind ${kind}` : undefined
  if (Object.getPrototypeOf(value) === null) return 'an object without a prototype'
  const { name } = value.constructor
  return `an instance of ${name === '' ? 'a class' : name}`
}

/** Kinds that the platform knows and does not carry. What it may learn to carry is left to it, if it is rare in answers. */
const uncarried =
  /^(?:Promise|Weak(?:Map|Set|Ref)|FinalizationRegistry|Arguments|Symbol|SharedArrayBuffer|Intl\..*|(?:.* )?Iterator(?: Helper)?|(?:Async)?Generator|URL|URLSearchParams|FormData|File|AbortController|TransformStream|WebSocket|CryptoKey)$/

/** What the platform has refused to carry over RPC all the same, without what it was. */
export function asSerializationError(error: unknown): UsageError | undefined {
  if (!(error instanceof Error)) return undefined
  // What was refused on the way back has been carried out. https://developers.cloudflare.com/durable-objects/best-practices/error-handling/
  const what = 'remote' in error ? 'an answer' : 'a command'
  if (error.name === 'DataCloneError') return notSerializable(what, undefined, { cause: error })
  if (!error.message.includes('RPC arguments or return values are limited')) return undefined
  return new UsageError(`${what} cannot cross to a Durable Object: it is too large`, {
    hint: 'Send or request at most 32 MiB at once.',
    cause: error,
  })
}

export function notSerializable(
  what: string,
  obstacle = 'something that RPC refuses',
  options: { cause?: unknown } = {},
): UsageError {
  return new UsageError(`${what} cannot cross to another Worker: it has ${obstacle} in it`, {
    ...options,
    hint: 'Send plain data: copy instances with { ...instance }, and leave functions out.',
  })
}
