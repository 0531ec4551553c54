import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { serveMongo, type MongoServer } from '../../tools/mongodb-server/serve.ts'
import { findLambdaTools } from '../../tools/packages/lambda-tools.ts'
import { bundleFunction, startFunction, type FunctionProcess } from '../../tools/runtimes/lambda-function.ts'
import { serveRuntimeApi, type RuntimeApi } from '../../tools/runtimes/lambda-runtime-api.ts'
import { faults, startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts'
import { responseOf } from '../support/lambda-result.ts'
import { eventOf, sampleOf } from '../lambda/fixtures/events.ts'

const tools = findLambdaTools()
const name = tools === undefined ? ' (not installed: npm run setup:lambda)' : ''

describe.skipIf(tools === undefined)(`a MongoDB client in Lambda’s runtime client${name}`, () => {
  let code: string
  let api: RuntimeApi
  let server: MongoServer
  let proxy: FaultProxy
  let running: FunctionProcess
  beforeAll(async () => {
    code = await bundleFunction(join(import.meta.dirname, 'visits-function.ts'))
  })
  beforeEach(async () => {
    server = await serveMongo()
    proxy = await startFaultProxy({ target: { host: '127.0.0.1', port: server.port } })
    api = await serveRuntimeApi()
    const uri = `mongodb://127.0.0.1:${proxy.port}/visits?directConnection=true`
    running = startFunction(code, { tools: tools!, address: api.address, env: { MONGODB_URI: uri } })
  })
  afterEach(async () => {
    await running[Symbol.asyncDispose]()
    await api[Symbol.asyncDispose]()
    await proxy[Symbol.asyncDispose]()
    await server.close()
  })

  const visit = async (): Promise<readonly [number, unknown]> => {
    const outcome = await api.invoke(eventOf('http', await sampleOf('/a')))
    const response = responseOf(JSON.parse(outcome.body.toString()) as never)
    return [response.status, await response.json()]
  }

  /** Freezes the function for longer than a client is taken to be alive without a sign of life, as Lambda does. */
  const frozenDuring = async (fault: () => void): Promise<void> => {
    await api.idle()
    running.freeze()
    fault()
    await new Promise((resolve) => setTimeout(resolve, 5200))
    setTimeout(() => running.thaw(), 10)
  }

  it('serves again after a thaw, whether its sockets were cut or not', async () => {
    expect(await visit()).toEqual([200, { visits: 1 }])
    await frozenDuring(() => {})
    expect(await visit()).toEqual([200, { visits: 2 }])
    await frozenDuring(() => server.dropConnections())
    expect(await visit()).toEqual([200, { visits: 3 }])
  })

  it('is replaced after a thaw where nothing comes back on its sockets, within two seconds', async () => {
    await visit()
    await frozenDuring(() => {
      const dead = new Set(proxy.openConnections)
      proxy.choose = ({ connection }) => (dead.has(connection) ? faults.hang : faults.none)
    })
    const before = Date.now()
    expect(await visit()).toEqual([200, { visits: 2 }])
    expect(Date.now() - before).toBeLessThan(2000)
  })

  it('is closed when Lambda ends the environment', async () => {
    await visit()
    const before = Date.now()
    await visit()
    expect(Date.now() - before).toBeLessThan(1000)
    running.terminate()
    await expect.poll(() => server.open().sockets).toBe(0)
  })
})
