import { assertOptions, must, type OptionCheck } from '../../src/core/assert-options.ts'
import { ConnectionError, isResult, UsageError, type Connectable, type Result } from '../../src/runtime/index.ts'
import { notSerializable, findUnserializable, asSerializationError } from './rpc-serializable.ts'
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

/** Options of `connectThrough`. */
export interface ConnectThroughOptions {
  /** Objects of different names have different connections. @default 'default' */
  readonly name?: string
  /** How many objects share the work; each has its own connection. A whole number from 1. @default 1 */
  readonly shards?: number
  /** Where the object is to live, near the server. Counts when it is first made. @default near its first caller */
  readonly locationHint?: string
  /** Picks the shard; at least 0 and less than 1. @default Math.random */
  readonly random?: () => number
}

const optionChecks = {
  name: must.beText,
  shards: must.beWholeNumberFrom(1),
  locationHint: must.beText,
  random: must.beFunction,
} satisfies Readonly<Record<keyof ConnectThroughOptions, OptionCheck>>

/**
 * A connectable whose socket is held by a Durable Object, of the class that `durableConnection` has made: the same
 * commands and answers, the same errors. The caller may leave; the command continues in the object.
 *
 * @throws UsageError `LEX_ERR_USE_001` for a missing binding and a malformed number of shards. From `execute`:
 * ConnectionError `LEX_ERR_INFRA_003` when the object cannot be reached, and the command may have been carried out;
 * UsageError for commands and answers that cannot cross
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
  if (typeof (namespace as Partial<typeof namespace> | undefined)?.idFromName !== 'function') {
    throw new UsageError('the first argument of connectThrough must be the binding of a Durable Object', { hint: bind })
  }
  const {
    name = 'default',
    shards = 1,
    locationHint,
    random = Math.random,
  } = assertOptions(options, optionChecks, 'the options of connectThrough')
  return {
    name: `Durable Object ${name}`,
    async connect() {
      const shard = shards > 1 ? `${name}-${Math.floor(random() * shards)}` : name
      const id = namespace.idFromName(shard)
      // The namespace's own type says what its objects are; an object of another class fails with its first call.
      const host = namespace.get(id, locationHint === undefined ? {} : { locationHint }) as ConnectionHost
      return {
        async execute(command) {
          const obstacle = findUnserializable(command, { stubs: false })
          if (obstacle !== undefined) throw notSerializable('a command', obstacle)
          return (await answerOf(() => host.execute(command))) as Answer
        },
        ping: async () => void (await answerOf(() => host.ping())),
        close: () => Promise.resolve(),
      }
    },
  }
}

const bind =
  'Name it in wrangler.json, under durable_objects.bindings and migrations, with the class that durableConnection made.'

async function answerOf(call: () => Promise<Result<unknown, WholeError>>): Promise<unknown> {
  const outcome: unknown = await attempt(call)
  if (!isResult(outcome)) throw notOurs()
  if (outcome.ok) return outcome.value
  // Objects of the class that durableConnection makes answer nothing else.
  throw fromWholeError(outcome.error as WholeError)
}

async function attempt(call: () => Promise<unknown>): Promise<unknown> {
  try {
    return await call()
  } catch (error) {
    const refused = asSerializationError(error)
    if (refused !== undefined) throw refused
    if (String(error).includes('does not implement the method')) throw notOurs(error)
    throw new ConnectionError('the Durable Object cannot be reached', { cause: error, hint: hintFor(error) })
  }
}

function notOurs(cause?: unknown): UsageError {
  return new UsageError('the Durable Object must be of a class made by durableConnection', { cause, hint: bind })
}

/** @see https://developers.cloudflare.com/durable-objects/best-practices/error-handling/ */
function hintFor(error: unknown): string | undefined {
  const { overloaded } = (error ?? {}) as { overloaded?: unknown }
  return overloaded === true ? 'Share the work of an overloaded object by connectThrough(…, { shards }).' : undefined
}
