import { repeatCall, waitWithJitter, type RepeatPolicy } from '../../../../core/repeat.ts'
import type { DriverContext } from '../../../contract/context.ts'
import type { Item } from '../codec/attribute-values.ts'
import { DynamoFailure } from '../errors.ts'

/** Sends one operation of DynamoDB's API: `GetItem`, `TransactWriteItems` … */
export interface DynamoTransport {
  /** @throws DynamoFailure */
  send(
    operation: string,
    input: object,
    options: { readonly signal: AbortSignal },
  ): Promise<Readonly<Record<string, unknown>>>
}

/** Throttling lasts for parts of a second: the table's capacity is counted by the second. */
const policy: RepeatPolicy = { attempts: 8, firstWait: 50, longestWait: 2000, longestCall: 60_000 }

export interface CallOptions {
  readonly context: DriverContext
  /** Whether repeating it does no harm. */
  readonly isIdempotent: boolean
}

/** What an operation returns. By the protocol, these members hold items. */
export interface Answer {
  readonly Item?: Item
  readonly Items?: readonly Item[]
  /** Items by table. */
  readonly Responses?: Readonly<Record<string, readonly Item[]>>
  /** The item that an update or a deletion returns. */
  readonly Attributes?: Item
  readonly LastEvaluatedKey?: Item
  readonly [other: string]: unknown
}

/** A transport that repeats what was surely not carried out, and what does no harm, with full jitter within the deadline. */
export interface Client {
  call(operation: string, input: object, options: CallOptions): Promise<Answer>
  /** Waits after attempt number `attempt`; false where there is no time left. */
  pause(attempt: number, context: DriverContext): Promise<boolean>
}

export function createClient(transport: DynamoTransport): Client {
  return {
    pause: (attempt, context) => waitWithJitter(attempt, policy, context),
    async call(operation, input, { context, isIdempotent }) {
      context.onRequest?.()
      return repeatCall((signal) => sendUnlessAborted(transport, { operation, input, signal }), {
        policy,
        limits: context,
        name: { driver: 'dynamodb', request: operation },
        isIdempotent,
        failureOf: (error) => (error instanceof DynamoFailure ? error : undefined),
      })
    },
  }
}

interface Call {
  readonly operation: string
  readonly input: object
  readonly signal: AbortSignal
}

/** A caller that has left before anything was sent knows that nothing was done. */
async function sendUnlessAborted(transport: DynamoTransport, { operation, input, signal }: Call): Promise<Answer> {
  if (signal.aborted) throw new DynamoFailure('Cancelled', { cause: signal.reason, isSent: false })
  return transport.send(operation, input, { signal })
}
