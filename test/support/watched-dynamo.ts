import { afterEach, vi } from 'vitest'
import { toSecret } from '../../src/core/setting/secret.ts'
import type { ChangeStream } from '../../src/nosql/collection/change-stream.ts'
import { dynamodb } from '../../src/nosql/drivers/dynamodb/dynamodb-driver.ts'
import { streams } from '../../src/nosql/drivers/dynamodb/streams/streams.ts'
import { createDocumentStore } from '../../src/nosql/store/document-store.ts'
import { serveDynamo, type DynamoServer, type Fault } from '../../tools/dynamodb-server/serve.ts'
import type { Answer } from '../../tools/dynamodb-server/transactions.ts'

/** What is closed at the end of a test, the last first. */
export const opened: AsyncDisposable[] = []
afterEach(async () => {
  vi.restoreAllMocks()
  for (const each of opened.splice(0).toReversed()) await each[Symbol.asyncDispose]()
})

interface Given {
  readonly fault?: (operation: string) => Fault | Answer | undefined
}

/** A store on a separate server, whose streams can be split, trimmed and disabled. */
export async function openWatched({ fault }: Given = {}) {
  const server = await serveDynamo({ ...(fault !== undefined && { fault }) })
  const table = 'app'
  const config = {
    endpointUrl: server.endpoint,
    table,
    createTables: true,
    accessKeyId: 'test',
    secretAccessKey: toSecret('test'),
  }
  const driver = dynamodb({ catalogLifetime: 20, streams: streams({ pollInterval: 5 }) })
  const store = createDocumentStore(driver, { config, scans: 'allow' })
  opened.push(server, store)
  return { server, store, table, items: store.collection<{ _id: number; n?: number }>('items') }
}

export const shown = ({ operationType, documentKey }: { operationType: string; documentKey: { _id: unknown } }) =>
  `${operationType} ${String(documentKey._id)}`

/** The next changes, fewer where the stream ends. */
export async function take<T>(stream: ChangeStream<T>, count: number): Promise<readonly string[]> {
  const all: string[] = []
  while (all.length < count) {
    const event = await stream.next()
    if (event === null) break
    all.push(shown(event))
  }
  return all
}

/** Sends an operation on tables past the driver. */
export async function callTables(server: DynamoServer, operation: string, body: object): Promise<void> {
  const headers = { 'x-amz-target': `DynamoDB_20120810.${operation}` }
  await (await fetch(server.endpoint, { method: 'POST', headers, body: JSON.stringify(body) })).text()
}
