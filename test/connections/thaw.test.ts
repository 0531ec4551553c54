import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bundleFunction, startFunction, type FunctionProcess } from '../../tools/runtimes/lambda-function.ts'
import { serveRuntimeApi, type RuntimeApi } from '../../tools/runtimes/lambda-runtime-api.ts'
import { findLambdaTools } from '../../tools/packages/lambda-tools.ts'
import { responseOf } from '../support/lambda-result.ts'
import { eventOf, sampleOf } from '../lambda/fixtures/events.ts'
import { serveLines, type LineServer } from './line-server.ts'

const tools = findLambdaTools()
const name = tools === undefined ? ' (not installed: npm run setup:lambda)' : ''

describe.skipIf(tools === undefined)(`a connection in Lambda’s runtime client${name}`, () => {
  let code: string
  let api: RuntimeApi
  let server: LineServer
  let running: FunctionProcess
  beforeAll(async () => {
    code = await bundleFunction(join(import.meta.dirname, 'ledger-function.ts'))
  })
  beforeEach(async () => {
    server = await serveLines()
    api = await serveRuntimeApi()
    running = startFunction(code, { tools: tools!, address: api.address, env: { LEDGER_PORT: `${server.port}` } })
  })
  afterEach(async () => {
    await running[Symbol.asyncDispose]()
    await api[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  const send = async (command: string): Promise<readonly [number, unknown]> => {
    const outcome = await api.invoke(eventOf('http', await sampleOf(`/${encodeURIComponent(command)}`)))
    const response = responseOf(JSON.parse(outcome.body.toString()) as never)
    return [response.status, await response.json()]
  }

  /** Freezes the function once it asks for work, as Lambda does, and thaws it with the next invocation. */
  const frozenDuring = async (fault: () => void): Promise<void> => {
    await api.idle()
    running.freeze()
    fault()
    // Longer than the idle time after which a connection is checked.
    await new Promise((resolve) => setTimeout(resolve, 350))
    setTimeout(() => running.thaw(), 10)
  }

  it('outlives a freeze that did it no harm', async () => {
    expect(await send('add 1')).toEqual([200, { total: 1 }])
    await frozenDuring(() => {})
    expect(await send('add 1')).toEqual([200, { total: 2 }])
    expect(server.connections()).toBe(1)
  })

  it.each(['drop', 'fallSilent'] as const)(
    'is replaced after a thaw when the server did %s meanwhile',
    async (fault) => {
      await send('add 1')
      await frozenDuring(() => server[fault]())
      expect(await send('add 1')).toEqual([200, { total: 2 }])
      expect([server.connections(), server.commands]).toEqual([2, ['add 1', 'add 1']])
    },
  )

  it('is closed when Lambda ends the environment', async () => {
    await send('add 1')
    expect(server.open()).toBe(1)
    running.terminate()
    await expect.poll(() => server.open()).toBe(0)
  })
})
