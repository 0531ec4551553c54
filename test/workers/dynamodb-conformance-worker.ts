import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { toSecret } from '../../src/core/setting/secret.ts'
import { aggregation } from '../../src/nosql/aggregation/engine.ts'
import { dynamodb } from '../../src/nosql/drivers/dynamodb/index.ts'
import { awsSdk } from '../../src/nosql/drivers/dynamodb/sdk/index.ts'
import { createDocumentStore } from '../../src/nosql/store/document-store.ts'
import { documentStoreCases } from '../../src/testing/document-store-conformance/document-store-conformance.ts'

interface Env {
  readonly DYNAMODB_ENDPOINT: string
}

const options = { aggregation: aggregation(), catalogLifetime: 20 }
const keys = { accessKeyId: 'test', secretAccessKey: 'test' }

/** As a Worker has it: a driver of the isolate, a client of the SDK for the request. */
const light = dynamodb(options)

export default {
  /** Runs the case that the path and the body name; answers with what it failed with, or with nothing. */
  async fetch(request: Request, { DYNAMODB_ENDPOINT: endpoint }: Env): Promise<Response> {
    const title = await request.text()
    const found = documentStoreCases().find(({ topic, name }) => `${topic}: ${name}` === title)
    if (found === undefined) return new Response('there is no such case', { status: 404 })
    const isSdk = new URL(request.url).pathname === '/sdk'
    const client = isSdk
      ? new DynamoDBClient({ endpoint, region: 'us-east-1', credentials: keys, maxAttempts: 1 })
      : undefined
    const driver = client === undefined ? light : dynamodb({ ...options, transport: awsSdk(client) })
    const config = {
      endpointUrl: endpoint,
      table: isSdk ? 'sdk' : 'light',
      createTables: true,
      accessKeyId: keys.accessKeyId,
      secretAccessKey: toSecret(keys.secretAccessKey),
    }
    try {
      await found.run({ open: (given) => createDocumentStore(driver, { ...given, config }) })
      return new Response(null, { status: 204 })
    } catch (error) {
      return new Response(error instanceof Error ? error.stack : String(error), { status: 500 })
    } finally {
      client?.destroy()
    }
  },
}
