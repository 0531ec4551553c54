import { join } from 'node:path'
import type { Miniflare } from 'miniflare'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentStoreCases } from '../../src/testing/document-store-conformance/document-store-conformance.ts'
import { optionTopic } from '../../src/testing/document-store-conformance/option-table/option-table.ts'
import { serveDynamo, type DynamoServer } from '../../tools/dynamodb-server/serve.ts'
import { bundleWorker, startWorkerd } from '../../tools/runtimes/workerd.ts'

let server: DynamoServer
let miniflare: Miniflare
beforeAll(async () => {
  server = await serveDynamo()
  const script = await bundleWorker(join(import.meta.dirname, 'dynamodb-conformance-worker.ts'))
  miniflare = await startWorkerd(script, { bindings: { DYNAMODB_ENDPOINT: server.endpoint } })
})
afterAll(async () => {
  await miniflare.dispose()
  await server.close()
})

// What is between a Worker and the server is not counted or spoilt, and options mean the same on every platform: the suite
// on Node does that.
const titles = documentStoreCases()
  .filter(({ notApplicable, topic }) => notApplicable({}) === undefined && topic !== optionTopic)
  .map(({ topic, name }) => `${topic}: ${name}`)

describe.each(['light', 'sdk'])('the DynamoDB driver in workerd, over the transport %s', (transport) => {
  it.each(titles)('%s', async (title) => {
    const response = await fetch(new URL(transport, await miniflare.ready), { method: 'POST', body: title })
    expect({ status: response.status, failure: await response.text() }).toEqual({ status: 204, failure: '' })
  })
})
