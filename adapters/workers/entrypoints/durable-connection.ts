import { DurableObject } from 'cloudflare:workers'
import {
  err,
  keepConnected,
  ok,
  type Connectable,
  type Connection,
  type KeepConnectedOptions,
  type Result,
} from '../../../src/runtime/index.ts'
import type { ConnectionHost } from '../connect-through.ts'
import { toWholeError, type WholeError } from '../error-data.ts'
import type { WorkersContext } from '../platform.ts'

export type DurableConnectionOptions = Omit<KeepConnectedOptions, 'onConnect'>

/** A class for the Worker to export, and to bind as a Durable Object. */
export type DurableConnection<Env> = new (
  state: WorkersContext,
  env: Env,
) => ConnectionHost & { readonly __DURABLE_OBJECT_BRAND: never }

/**
 * Makes a Durable Object that holds one connection for all Workers that reach it by `connectThrough`: sockets of a Worker
 * die with its request, those of an object do not. The connection opens with the first command, is verified after a
 * pause, and closes when nobody has used it for 20 seconds, so that the object can be evicted.
 *
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
  class Host extends DurableObject<WorkersContext, Env> implements ConnectionHost {
    readonly #connection: Connection<Command, Answer>

    constructor(state: WorkersContext, env: Env) {
      super(state, env)
      this.#connection = keepConnected(connectableFor(env), { idleTimeout: 20_000, ...options })
    }

    execute(command: unknown): Promise<Result<unknown, WholeError>> {
      // Only `connectThrough` calls it, with what its connection was given.
      return outcomeOf(this.#connection.execute(command as Command))
    }

    ping(): Promise<Result<unknown, WholeError>> {
      return outcomeOf(this.#connection.ping())
    }
  }
  return Host as unknown as DurableConnection<Env>
}

async function outcomeOf(work: Promise<unknown>): Promise<Result<unknown, WholeError>> {
  try {
    return ok(await work)
  } catch (error) {
    return err(toWholeError(error))
  }
}
