import { UsageError } from '../../../../core/errors.ts'
import type { DynamoTransport } from '../transport/transport.ts'
import { commands } from './commands.ts'
import { failureOfSdk } from './sdk-errors.ts'

/** What `DynamoDBClient` and `DynamoDBDocumentClient` have in common. */
export interface AwsSdkClient {
  readonly config: { readonly serviceId?: string | undefined }
  send(command: never, options?: { readonly abortSignal?: AbortSignal }): Promise<unknown>
}

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
export function awsSdk(client: AwsSdkClient): DynamoTransport {
  const given = Object(client) as Partial<AwsSdkClient>
  if (typeof given.send !== 'function' || given.config?.serviceId !== 'DynamoDB') {
    throw new UsageError('awsSdk() must be given a DynamoDBClient or a DynamoDBDocumentClient', {
      hint: 'Make one with new DynamoDBClient({}) of @aws-sdk/client-dynamodb.',
    })
  }
  return {
    async send(operation, input, { signal }) {
      const Command = commands.get(operation)
      if (Command === undefined) throw new UsageError(`awsSdk() cannot send ${operation}: it has no command for it`)
      try {
        // Each command has another input type, and the compiler cannot tell it from the name of the operation.
        const answer = await client.send(new Command(input as never) as never, { abortSignal: signal })
        return answer as Readonly<Record<string, unknown>> // an object, by the protocol
      } catch (error) {
        throw failureOfSdk(error, signal)
      }
    },
  }
}
