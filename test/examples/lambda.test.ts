import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveNeon, type NeonEndpoint } from '../../src/cli/neon-local/serve.ts'
import { exampleEnv, migrate } from '../../tools/example.ts'
import { bundleFunction, startFunction, type FunctionProcess } from '../../tools/lambda-function.ts'
import { serveRuntimeApi, type RuntimeApi } from '../../tools/lambda-runtime-api.ts'
import { findLambdaTools } from '../../tools/lambda-tools.ts'
import { root } from '../../tools/steps.ts'
import { eventOf, responseOf, sampleOf } from '../lambda/sample-events.ts'
import { scheduledEvent, sqsRecord } from '../lambda/sample-records.ts'
import { describeCatalogue } from './catalogue.ts'

const tools = findLambdaTools()
const name = tools === undefined ? ' (not installed: npm run setup:lambda)' : ''

describe.skipIf(tools === undefined)(`examples/lambda in Lambda’s runtime client${name}`, () => {
  let endpoint: NeonEndpoint
  let api: RuntimeApi
  let running: FunctionProcess
  beforeAll(async () => {
    endpoint = await serveNeon()
    await migrate(endpoint.url)
    api = await serveRuntimeApi()
    const code = await bundleFunction(join(root, 'examples/lambda/index.ts'))
    const env = { DATABASE_URL: endpoint.url, ...exampleEnv }
    running = startFunction(code, { tools: tools!, address: api.address, env })
  })
  afterAll(async () => {
    await running[Symbol.asyncDispose]()
    await api[Symbol.asyncDispose]()
    await endpoint.close()
  })

  const invoke = async (event: unknown): Promise<unknown> => JSON.parse(String((await api.invoke(event)).body))
  const send = async (path: string, init?: RequestInit): Promise<Response> =>
    responseOf((await invoke(eventOf('http', await sampleOf(path, init)))) as never)

  describeCatalogue('Lambda, over Neon’s protocols', send)

  it('books deliveries from a queue, and hands back what cannot be booked', async () => {
    const json = { method: 'POST', headers: { 'content-type': 'application/json' } }
    await send('/products', { ...json, body: JSON.stringify({ id: 'mate', name: 'Mate', stock: 1 }) })
    const deliveries = { booked: { id: 'mate', by: 5 }, unknown: { id: 'none', by: 1 }, wrong: { by: 'many' } }
    const records = Object.entries(deliveries).map(([id, body]) => sqsRecord(id, JSON.stringify(body)))
    expect(await invoke({ Records: records })).toEqual({
      batchItemFailures: [{ itemIdentifier: 'unknown' }, { itemIdentifier: 'wrong' }],
    })
    expect(await (await send('/products/mate')).json()).toMatchObject({ stock: 6 })
  })

  it('reports on a schedule', async () => {
    const json = { method: 'POST', headers: { 'content-type': 'application/json' } }
    await send('/products', { ...json, body: JSON.stringify({ id: 'rooibos', name: 'Rooibos' }) })
    expect(await invoke(scheduledEvent)).toBeNull()
    expect(running.output()).toContain('sold out: rooibos')
  })
})
