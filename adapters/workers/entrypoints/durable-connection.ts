import { DurableObject } from 'cloudflare:workers'
import {
  assertConnectionOptions,
  err,
  keepConnected,
  ok,
  UsageError,
  type Connectable,
  type Connection,
  type KeepConnectedOptions,
  type Result,
} from '../../../src/runtime/index.ts'
import type { ConnectionHost } from '../connect-through.ts'
import { notSerializable, findUnserializable } from '../rpc-serializable.ts'
import { toWholeError, type WholeError } from '../error-data.ts'
import type { WorkersContext } from '../platform.ts'

/** How its connection is verified and timed. `idleTimeout` is 20 seconds unless it is given. */
export type DurableConnectionOptions = Omit<KeepConnectedOptions, 'onConnect'>

/** A class for the Worker to export, and to bind as a Durable Object. */
export type DurableConnection<Env> = new (
  state: WorkersContext,
  env: Env,
) => ConnectionHost & { readonly __DURABLE_OBJECT_BRAND: never }

/**
 * Makes a Durable Object that holds one connection for all Workers that reach it by `connectThrough`: sockets of a Worker
 * die with its request, those of an object do not. The connection opens with the first command, is verified after a
 * pause, and closes after 20 seconds without use, so that the object can be evicted.
 *
 * `connectableFor` is called with the object's first call; what it throws is that call's error, and the next one tries
 * again. A changed environment is a new object, with its own connection.
 *
 * @throws UsageError `LEX_ERR_USE_001` for an argument that is not a function; other errors reach the caller of `connectThrough`
 * @see https://developers.cloudflare.com/durable-objects/platform/limits/ one object carries about 1,000 calls a second
 * @example
 * import { durableConnection } from 'lexigram-edge/workers/entrypoints'
 *
 * export const LedgerConnection = durableConnection((env: Env) => ledgerOverTcp(env.LEDGER_URL))
 */
export function durableConnection<Env extends object, Command = unknown, Answer = unknown>(
  connectableFor: (env: Env) => Connectable<Command, Answer>,
  options: DurableConnectionOptions = {},
): DurableConnection<Env> {
  assertFactory(connectableFor)
  assertConnectionOptions(options)
  class Host extends DurableObject<WorkersContext, Env> implements ConnectionHost {
    #connection: Connection<Command, Answer> | undefined

    async execute(command: unknown): Promise<Result<unknown, WholeError>> {
      return outcomeOf(async () => {
        // Only `connectThrough` calls it, with what its connection was given.
        const answer = await this.#held().execute(command as Command)
        const obstacle = findUnserializable(answer, { stubs: false })
        if (obstacle !== undefined) throw notSerializable('an answer', obstacle)
        return answer
      })
    }

    async ping(): Promise<Result<unknown, WholeError>> {
      return outcomeOf(() => this.#held().ping())
    }

    /** Made with the first call, which receives the error if it fails. */
    #held(): Connection<Command, Answer> {
      return (this.#connection ??= keepConnected(connectableFor(this.env), { idleTimeout: 20_000, ...options }))
    }
  }
  return Host as unknown as DurableConnection<Env>
}

function assertFactory(connectableFor: unknown): void {
  if (typeof connectableFor === 'function') return
  throw new UsageError('the argument of durableConnection must be a function', {
    hint: 'durableConnection((env: Env) => ledgerOverTcp(env.LEDGER_URL))',
  })
}

async function outcomeOf(work: () => Promise<unknown>): Promise<Result<unknown, WholeError>> {
  try {
    return ok(await work())
  } catch (error) {
    return err(toWholeError(error))
  }
}
