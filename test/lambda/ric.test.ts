import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { itConforms } from '../support/adapter-conformance.ts'
import { bundleFunction, startFunction, type FunctionProcess } from '../../tools/runtimes/lambda-function.ts'
import { serveRuntimeApi, type InvocationOutcome, type RuntimeApi } from '../../tools/runtimes/lambda-runtime-api.ts'
import { findLambdaTools } from '../../tools/packages/lambda-tools.ts'
import { responseOf } from '../support/lambda-result.ts'
import { eventOf, sampleOf } from './fixtures/events.ts'
import { kinesisRecord, scheduledEvent, sqsRecord, webSocketEvent, windowOf } from './fixtures/records.ts'

const tools = findLambdaTools()
const name = tools === undefined ? ' (not installed: npm run setup:lambda)' : ''

/** The metadata, eight zero bytes, the body. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html */
function streamedResponseOf({ body, trailingError }: InvocationOutcome): Response {
  const end = body.indexOf(Buffer.alloc(8))
  const { statusCode, headers, cookies } = JSON.parse(body.subarray(0, end).toString()) as {
    statusCode: number
    headers: Record<string, string>
    cookies: string[]
  }
  const all = [...Object.entries(headers), ...cookies.map((cookie) => ['set-cookie', cookie])] as [string, string][]
  const bytes = new Uint8Array(body.subarray(end + 8))
  // What the client sees of an error after the first byte: its connection breaks.
  const broken = new ReadableStream({ start: (controller) => controller.error(new Error(trailingError)) })
  const content = trailingError === undefined ? bytes : broken
  return new Response(bytes.length === 0 && trailingError === undefined ? null : content, {
    status: statusCode,
    headers: all,
  })
}

describe.skipIf(tools === undefined)(`Lambda’s runtime client${name}`, () => {
  let code: string
  let api: RuntimeApi
  const started: FunctionProcess[] = []
  beforeAll(async () => {
    code = await bundleFunction(join(import.meta.dirname, 'ric-function.ts'))
  })
  // One for each function: it does not know at once that a killed one no longer waits for an event.
  const serveApi = async (): Promise<void> => void (api = await serveRuntimeApi())
  const stopAll = async (): Promise<void> => {
    for (const running of started.splice(0)) await running[Symbol.asyncDispose]()
    await api[Symbol.asyncDispose]()
  }
  const start = (env: Readonly<Record<string, string>> = {}): FunctionProcess => {
    const running = startFunction(code, { tools: tools!, address: api.address, env })
    started.push(running)
    return running
  }
  /** In its own environment, which Lambda ends after one invocation. */
  const serveOnce = async (env: Readonly<Record<string, string>>, path: string): Promise<string[]> => {
    await using alone = await serveRuntimeApi()
    const options = { tools: tools!, address: alone.address, env: { ...env, PRINT_LOG: 'true' } }
    await using running = startFunction(code, options)
    await alone.invoke(eventOf('http', await sampleOf(path)))
    await alone.idle()
    running.terminate()
    const lines = (): string[] => running.output().match(/(?<=^log: ).*$/gm) ?? []
    // Its last words: the process itself would wait for an answer, which Lambda does not.
    await vi.waitUntil(() => lines().includes('singleton released'), 10_000).catch(() => {})
    return lines()
  }
  const json = ({ body }: InvocationOutcome): unknown => JSON.parse(body.toString())

  const modes = {
    buffered: {},
    streamed: { STREAMING: 'true' },
    // Lambda's managed instances: several invocations at a time in one process.
    concurrent: { AWS_LAMBDA_MAX_CONCURRENCY: '64', AWS_LAMBDA_NODEJS_WORKER_COUNT: '1' },
  }
  describe.each(Object.entries(modes))('%s', (mode, env) => {
    beforeAll(serveApi)
    beforeAll(() => void start(env))
    afterAll(stopAll)
    const send = async (path: string, init?: RequestInit, timeout = 30_000): Promise<Response> => {
      const outcome = await api.invoke(eventOf('http', await sampleOf(path, init)), { timeout })
      expect([outcome.kind, outcome.streamed]).toEqual(['response', mode === 'streamed'])
      return outcome.streamed ? streamedResponseOf(outcome) : responseOf(json(outcome) as never)
    }
    itConforms(
      {
        send,
        streams: mode === 'streamed',
        ownRequestIds: true,
        hangUp: 'Lambda does not tell a function that its client has left',
        leaveEarly: 'Lambda does not tell a function that its client has left',
        sendWithLimit: (path, timeout) => send(path, {}, timeout),
        serveOnce:
          mode === 'concurrent'
            ? 'Lambda’s signal does not reach the threads of a managed instance'
            : (path) => serveOnce(env, path),
      },
      `Lambda, ${mode}`,
    )

    it('hands back the messages that fail', async () => {
      const records = ['good', 'err', 'throw'].map((body) => sqsRecord(body, JSON.stringify(body)))
      expect(json(await api.invoke({ Records: records }))).toEqual({
        batchItemFailures: [{ itemIdentifier: 'err' }, { itemIdentifier: 'throw' }],
      })
      const log = json(await api.invoke({})) as string[]
      expect(log.filter((line) => line.startsWith('end'))).toHaveLength(3)
    })

    it('keeps the state of a window between its batches', async () => {
      const batch = (bodies: readonly unknown[]) =>
        bodies.map((body, index) => kinesisRecord(String(index + 1), JSON.stringify(body)))
      const first = json(await api.invoke(windowOf('kinesis', batch([1, 2, 'fail', 4])))) as { state: object }
      expect(first).toEqual({ batchItemFailures: [{ itemIdentifier: '3' }], state: { sum: 3 } })
      const final = { state: first.state, isFinalInvokeForWindow: true }
      expect(json(await api.invoke(windowOf('kinesis', [], final)))).toEqual({ ...first, batchItemFailures: [] })
      expect(json(await api.invoke({}))).toEqual(['handler: no', 'window of shardId-000000000006: {"sum":3}'])
    })

    it('answers a WebSocket’s event that has a method and a path', async () => {
      const requestContext = { ...webSocketEvent.requestContext, eventType: 'CONNECT' }
      const event = { ...webSocketEvent, requestContext, httpMethod: 'GET', path: '/untouched', headers: {} }
      expect(json(await api.invoke(event))).toEqual({ statusCode: 200, body: 'CONNECT' })
    })

    it('has an environment from a function', async () => {
      expect(await (await send('/secret')).text()).toBe('from elsewhere')
    })

    // A streamed answer is for function URLs only.
    const itBuffered = mode === 'streamed' ? () => undefined : it
    itBuffered('answers VPC Lattice’s first structure', async () => {
      const headers = { host: 'x.test', 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'http' }
      const event = { raw_path: '/client?a=1', method: 'GET', headers, is_base64_encoded: false }
      const answer = json(await api.invoke(event)) as { body: string }
      expect(JSON.parse(answer.body)).toEqual(['203.0.113.7', 'http://x.test/client?a=1'])
    })

    it('lives on after a handler that never settles', async () => {
      const never = await api.invoke(eventOf('http', await sampleOf('/never')), { timeout: 700 })
      const response = never.streamed ? streamedResponseOf(never) : responseOf(json(never) as never)
      expect(response.status).toBe(504)
      const records = [sqsRecord('never', '"never"'), sqsRecord('after', '1')]
      expect(json(await api.invoke({ Records: records }, { timeout: 700 }))).toEqual({
        batchItemFailures: [{ itemIdentifier: 'never' }, { itemIdentifier: 'after' }],
      })
      expect((await send('/untouched')).status).toBe(203)
      await api.invoke({})
    })
  })

  describe('a function', () => {
    beforeEach(serveApi)
    afterEach(stopAll)

    it('a function whose event fails, or is unknown, answers with the error', async () => {
      start()
      const failed = await api.invoke(scheduledEvent)
      expect([failed.kind, json(failed)]).toEqual(['error', expect.objectContaining({ errorMessage: 'nothing to do' })])
      expect((await api.invoke({ Records: [{ messageId: 1, eventSource: 'aws:sqs' }] })).kind).toBe('error')
      expect(json(await api.invoke({}))).toEqual([
        'handler: nothing to do',
        'handler: a record of the event must have its messageId',
      ])
    })

    it('a function whose boot fails at initialisation boots again with the first invocation', async () => {
      start({ FAIL_INIT: 'boot' })
      await api.idle()
      await new Promise((resolve) => setTimeout(resolve, 50))
      const outcome = await api.invoke(eventOf('http', await sampleOf('/untouched')))
      expect(responseOf(json(outcome) as never).status).toBe(203)
    })

    it('a function whose boot fails while the first invocation waits for it boots again', async () => {
      start({ FAIL_INIT: 'slow boot' })
      const outcome = await api.invoke(eventOf('http', await sampleOf('/untouched')))
      expect(responseOf(json(outcome) as never).status).toBe(203)
      expect(json(await api.invoke({}))).toEqual(['boot: down'])
    })

    it('a function whose module does not load ends after it has reported the cause to Lambda', async () => {
      const broken = start({ FAIL_INIT: 'module' })
      expect(await broken.exited).not.toBe(0)
      expect(api.initErrors.map((body) => JSON.parse(body) as unknown)).toEqual([
        expect.objectContaining({ errorMessage: 'the module does not load' }),
      ])
    })

    it.each([{}, { STREAMING: 'true' }])('has written its metrics before its answer ends (%j)', async (env) => {
      const running = start({ ...env, METRICS: 'true' })
      const records = ['good', 'throw', 'good'].map((body, i) => sqsRecord(`${body} ${i}`, JSON.stringify(body)))
      await api.invoke({ Records: records })
      // What the process writes comes by another way than the answer.
      await vi.waitUntil(() => running.output().includes('handed_back'), 10_000)
      // Frozen from here on, as on Lambda: nothing was left for later.
      running.freeze()
      const lines = running.output().match(/^\{"_aws".*$/gm) ?? []
      const metrics = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
      const outcome = 'lexigram.batch.outcome'
      expect(metrics.map((line) => [line[outcome], line['lexigram.batch.messages']])).toEqual([
        ['done', 2],
        ['handed_back', 1],
      ])
      expect(metrics[0]?.['_aws']).toMatchObject({ CloudWatchMetrics: [{ Namespace: 'conformance' }] })
      running.thaw()
    })

    it('a function that Lambda is about to end exits when it has disposed of what it holds', async () => {
      const running = start()
      await api.invoke({})
      await api.idle()
      running.terminate()
      await expect.poll(() => running.output()).toContain('shut down')
      // The client's thread waits for an answer before the process can end; Lambda does not wait for that.
      void api.invoke({})
      expect(await running.exited).toBe(0)
    })
  })
})
