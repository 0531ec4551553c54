import { afterAll, beforeAll } from 'vitest'
import { aggregation } from '../../src/nosql/aggregation/index.ts'
import { dynamodb } from '../../src/nosql/drivers/dynamodb/dynamodb-driver.ts'
import { createDocumentStore, type DocumentStore } from '../../src/nosql/store/document-store.ts'
import { serveDynamo, type DynamoServer } from '../../tools/dynamodb-server/serve.ts'

const keys = { accessKeyId: 'test', secretAccessKey: 'test' }

/** What a server answers to a request that no driver has made. */
export async function callDynamo<Answer = Readonly<Record<string, unknown>>>(
  { endpoint }: DynamoServer,
  operation: string,
  body: object,
): Promise<Answer> {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `DynamoDB_20120810.${operation}` }
  const response = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(body) })
  // The caller knows what the operation answers.
  return (await response.json()) as Answer
}

/** A server of DynamoDB's API for the tests of one file, and stores that keep everything in its table `app`. */
export function useDynamoServer(): { readonly server: () => DynamoServer; readonly open: () => DocumentStore } {
  let server: DynamoServer
  beforeAll(async () => {
    server = await serveDynamo()
  })
  afterAll(() => server.close())
  return {
    server: () => server,
    open: () =>
      createDocumentStore(
        dynamodb({ aggregation: aggregation(), credentials: () => Promise.resolve(keys), catalogLifetime: 50 }),
        {
          config: { endpointUrl: server.endpoint, table: 'app', createTables: true },
          scans: 'allow',
        },
      ),
  }
}
