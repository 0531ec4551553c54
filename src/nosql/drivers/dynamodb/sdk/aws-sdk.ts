import { assertOptions, must, type OptionCheck } from '../../../../core/assert-options.ts'
import { UsageError } from '../../../../core/errors.ts'
import type { DynamoTransport } from '../transport/transport.ts'
import { commands } from './commands.ts'
import { failureOfSdk } from './sdk-errors.ts'

/** What `DynamoDBClient` and `DynamoDBDocumentClient` have in common. */
export interface AwsSdkClient {
  readonly config: { readonly serviceId?: string | undefined }
  send(command: never, options?: { readonly abortSignal?: AbortSignal }): Promise<unknown>
}

/** The part of `DynamoDBStreams`, of `@aws-sdk/client-dynamodb-streams`, that reads streams. */
export interface AwsSdkStreams {
  describeStream(input: never, options?: { readonly abortSignal?: AbortSignal }): Promise<unknown>
  getShardIterator(input: never, options?: { readonly abortSignal?: AbortSignal }): Promise<unknown>
  getRecords(input: never, options?: { readonly abortSignal?: AbortSignal }): Promise<unknown>
}

/** Options of `awsSdk`. */
export interface AwsSdkOptions {
  /** Reads the streams of the tables for `watch`: a `DynamoDBStreams`. @default streams cannot be read */
  readonly streams?: AwsSdkStreams | undefined
}

const optionChecks = {
  streams: must.beAnything,
} satisfies Readonly<Record<keyof AwsSdkOptions, OptionCheck>>

/**
 * Sends the driver's requests through a client that the application has anyway: with its credentials, region, endpoint,
 * middleware and metrics. The client belongs to the application, which destroys it. Set `maxAttempts: 1` on it to leave
 * repeating to this package, which knows the deadline of the operation.
 *
 * @throws UsageError when it is not a client of version 3 for DynamoDB
 * @example
 * import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
 * import { dynamodb } from 'lexigram-edge/nosql/dynamodb'
 * import { awsSdk } from 'lexigram-edge/nosql/dynamodb/sdk'
 *
 * const client = new DynamoDBClient({ maxAttempts: 1 })
 * const driver = dynamodb({ transport: awsSdk(client) })
 */
export function awsSdk(client: AwsSdkClient, options: AwsSdkOptions = {}): DynamoTransport {
  const { streams } = assertOptions(options, optionChecks, 'the options of awsSdk')
  const given = Object(client) as Partial<AwsSdkClient>
  if (typeof given.send !== 'function' || given.config?.serviceId !== 'DynamoDB') {
    throw new UsageError('awsSdk() must be given a DynamoDBClient or a DynamoDBDocumentClient', {
      hint: 'Make one with new DynamoDBClient({}) of @aws-sdk/client-dynamodb.',
    })
  }
  return {
    async send(operation, input, { signal }) {
      const request = requestOf(operation, { client, streams })
      try {
        // Each operation has another input type, and the compiler cannot tell it from the name.
        const answer = await request(input as never, { abortSignal: signal })
        return answer as Readonly<Record<string, unknown>> // an object, by the protocol
      } catch (error) {
        throw failureOfSdk(error, signal)
      }
    },
  }
}

interface Clients {
  readonly client: AwsSdkClient
  readonly streams: AwsSdkStreams | undefined
}

type Request = (input: never, options: { readonly abortSignal: AbortSignal }) => Promise<unknown>

function requestOf(operation: string, { client, streams }: Clients): Request {
  const Command = commands.get(operation)
  // Each command has another type.
  if (Command !== undefined) return (input, options) => client.send(new Command(input) as never, options)
  const ofStreams: Readonly<Record<string, Request | undefined>> | undefined = streams && {
    DescribeStream: (input, options) => streams.describeStream(input, options),
    GetShardIterator: (input, options) => streams.getShardIterator(input, options),
    GetRecords: (input, options) => streams.getRecords(input, options),
  }
  const request = ofStreams?.[operation]
  if (request !== undefined) return request
  throw new UsageError(`awsSdk() cannot send ${operation}: it was given no client for streams`, {
    hint: 'Pass awsSdk(client, { streams: new DynamoDBStreams({}) }) of @aws-sdk/client-dynamodb-streams.',
  })
}
