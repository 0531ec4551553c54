/** A request to a Worker, its message in SQS, the Lambda function that handles it and its SQL, in one collector. */

import { join } from 'node:path'
import type { Miniflare } from 'miniflare'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveNeon, type NeonEndpoint } from '../../src/cli/neon-local/serve.ts'
import { openDatabase } from '../../src/sql/database.ts'
import { neon } from '../../src/sql/drivers/neon/index.ts'
import { findLambdaTools } from '../../tools/packages/lambda-tools.ts'
import { bundleFunction, startFunction, type FunctionProcess } from '../../tools/runtimes/lambda-function.ts'
import { serveRuntimeApi, type RuntimeApi } from '../../tools/runtimes/lambda-runtime-api.ts'
import { serveFetch } from '../../tools/runtimes/serve-fetch.ts'
import { bundleWorker, startWorkerd } from '../../tools/runtimes/workerd.ts'
import { sqsRecord } from '../lambda/fixtures/records.ts'
import { startOtlpCollector, type OtlpCollector } from '../support/otlp-collector.ts'

const tools = findLambdaTools()
const name = tools === undefined ? ' (not installed: npm run setup:lambda)' : ''

interface SentMessage {
  readonly MessageBody: string
  readonly MessageAttributes: Readonly<Record<string, { readonly DataType: string; readonly StringValue: string }>>
}

/** Takes what is sent to a queue. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
async function serveQueue() {
  const sent: SentMessage[] = []
  const server = await serveFetch(async (request) => {
    sent.push((await request.json()) as SentMessage)
    return Response.json({ MessageId: 'm-1' }, { headers: { 'content-type': 'application/x-amz-json-1.0' } })
  }, 0)
  return { sent, url: server.url, close: () => server.close() }
}

/** What SQS delivers of a message that was sent. */
function delivered({ MessageBody, MessageAttributes }: SentMessage) {
  const attributes = Object.entries(MessageAttributes).map(([key, { DataType, StringValue }]) => [
    key,
    { dataType: DataType, stringValue: StringValue },
  ])
  return { ...sqsRecord('m-1', MessageBody), messageAttributes: Object.fromEntries(attributes) as object }
}

describe.skipIf(tools === undefined)(`a trace through Lambda’s runtime client${name}`, () => {
  let collector: OtlpCollector
  let endpoint: NeonEndpoint
  let queue: Awaited<ReturnType<typeof serveQueue>>
  let api: RuntimeApi
  let running: FunctionProcess
  let miniflare: Miniflare
  beforeAll(async () => {
    collector = await startOtlpCollector()
    queue = await serveQueue()
    endpoint = await serveNeon()
    await using database = await openDatabase({ drivers: [neon()], url: endpoint.url })
    await using session = database.session()
    await session.execute('create table orders (item text not null)')
    api = await serveRuntimeApi()
    running = startFunction(await bundleFunction(join(import.meta.dirname, 'orders-function.ts')), {
      tools: tools!,
      address: api.address,
      env: { COLLECTOR: collector.url, LEX_DATABASE__URL: endpoint.url, LEX_DATABASE__DRIVER: 'neon' },
    })
    miniflare = await startWorkerd(await bundleWorker(join(import.meta.dirname, 'orders-worker.ts')), {
      bindings: { COLLECTOR: collector.url, QUEUE: queue.url },
    })
  })
  afterAll(async () => {
    await miniflare?.dispose()
    await running?.[Symbol.asyncDispose]()
    await api?.[Symbol.asyncDispose]()
    await endpoint?.close()
    await queue?.close()
    await collector?.[Symbol.asyncDispose]()
  })

  const spanNamed = (wanted: string) => collector.spans.find((span) => span.name === wanted)

  it('leads from the request to the statement, with one id', async () => {
    const response = await fetch(await miniflare.ready, { method: 'POST', body: '{"item":"hunter2"}' })
    expect([response.status, await response.text()]).toEqual([202, 'accepted'])
    const outcome = await api.invoke({ Records: queue.sent.map(delivered) })
    expect(JSON.parse(outcome.body.toString())).toEqual({ batchItemFailures: [] })

    await expect.poll(() => spanNamed('POST')).toBeDefined()
    // A function's answer waits for its spans.
    const statement = spanNamed('INSERT orders')
    const { traceId } = spanNamed('POST')!
    const parents = new Map(collector.spans.map((span) => [span.spanId, span]))
    const path: string[] = []
    for (let at = statement; at !== undefined; at = parents.get(at.parentSpanId ?? '')) {
      expect(at.traceId).toBe(traceId)
      path.unshift(at.name)
    }
    expect(path).toEqual(['POST', 'send jobs', 'process jobs', 'INSERT orders'])
    expect([...collector.formats].sort()).toEqual(['application/json', 'application/x-protobuf'])
    expect(collector.text()).not.toContain('hunter2')
  })
})
