import { ConnectionError, type Connectable, type Result } from '../../src/runtime/index.ts'
import { fromWholeError, type WholeError } from './error-data.ts'

/** What a Durable Object made by `durableConnection` answers over RPC. */
export interface ConnectionHost {
  execute(command: unknown): Promise<Result<unknown, WholeError>>
  ping(): Promise<Result<unknown, WholeError>>
}

/** The binding of the object: a `DurableObjectNamespace`. */
export interface ConnectionNamespace<Id> {
  idFromName(name: string): Id
  get(id: Id, options?: { readonly locationHint?: string }): unknown
}

export interface ConnectThroughOptions {
  /** Objects of different names have different connections. @default 'default' */
  readonly name?: string
  /** How many objects share the work; each has a connection of its own. @default 1 */
  readonly shards?: number
  /** Where the object is to live, near the server. Counts when it is first made. @default near its first caller */
  readonly locationHint?: string
  /** Picks the shard; between 0 and 1. @default Math.random */
  readonly random?: () => number
}

/**
 * A connectable whose socket is held by a Durable Object, of the class that `durableConnection` has made: the same
 * commands and answers, the same errors.
 *
 * @throws ConnectionError `LEX_ERR_INFRA_003` when the object cannot be reached; the command may have been carried out
 * @example
 * import { connectionProvider } from 'lexigram-edge/runtime'
 * import { connectThrough } from 'lexigram-edge/workers'
 *
 * const ledger = connectionProvider(Ledger, ({ env }) => connectThrough((env as Env).LEDGER))
 */
export function connectThrough<Command, Answer, Id = unknown>(
  namespace: ConnectionNamespace<Id>,
  options: ConnectThroughOptions = {},
): Connectable<Command, Answer> {
  const { name = 'default', shards = 1, locationHint, random = Math.random } = options
  return {
    name: `Durable Object ${name}`,
    async connect() {
      const shard = shards > 1 ? `${name}-${Math.floor(random() * shards)}` : name
      const id = namespace.idFromName(shard)
      // The namespace's own type says what its objects are; an object of another class fails with its first call.
      const host = namespace.get(id, locationHint === undefined ? {} : { locationHint }) as ConnectionHost
      return {
        execute: async (command, signal) => (await answerOf(host.execute(command), signal)) as Answer,
        ping: async () => void (await answerOf(host.ping())),
        close: () => Promise.resolve(),
      }
    },
  }
}

async function answerOf(call: Promise<Result<unknown, WholeError>>, signal?: AbortSignal): Promise<unknown> {
  const outcome = await unlessAborted(call, signal).catch((error: unknown) => {
    if (signal?.aborted === true) throw error
    throw new ConnectionError('the Durable Object could not be reached', { cause: error, hint: hintFor(error) })
  })
  if (outcome.ok) return outcome.value
  throw fromWholeError(outcome.error)
}

/** @see https://developers.cloudflare.com/durable-objects/best-practices/error-handling/ */
function hintFor(error: unknown): string | undefined {
  const { overloaded } = (error ?? {}) as { overloaded?: unknown }
  return overloaded === true ? 'It is overloaded: share the work by connectThrough(…, { shards }).' : undefined
}

/** The call itself goes on; its outcome is nobody's any more. */
async function unlessAborted<T>(call: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return call
  signal.throwIfAborted()
  let abort: () => void
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason as Error)
    signal.addEventListener('abort', abort, { once: true })
  })
  try {
    return await Promise.race([call, aborted])
  } finally {
    signal.removeEventListener('abort', abort!)
  }
}
