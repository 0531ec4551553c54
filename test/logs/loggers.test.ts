import { Logger } from '@aws-lambda-powertools/logger'
import { createApplication, Log, toSecret, type Application, type LogWriter } from 'lexigram-edge'
import { lambda } from 'lexigram-edge/lambda'
import { serve } from 'lexigram-edge/node'
import { pino } from 'pino'
import { afterEach, describe, expect, it, vi } from 'vitest'

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

const password = toSecret('hunter2')
const loggingApplication = (log?: LogWriter): Application =>
  createApplication({
    name: 'shop',
    ...(log && { log }),
    async fetch(_request, _env, { scope }) {
      const lines = await scope.resolve(Log)
      lines.info('seen', { password })
      return new Response('hello')
    },
  })

/** What the application logs of one request to a Node server. */
async function requestOnNode(app: Application): Promise<void> {
  await using server = await serve(app, { port: 0, signals: [] })
  const response = await fetch(server.url, { headers: { 'x-request-id': 'r-1' } })
  await response.text()
}

describe('lines of a request on Node', () => {
  it('are JSON on the console', async () => {
    const info = vi.spyOn(console, 'info').mockImplementation(() => {})
    await requestOnNode(loggingApplication())
    expect(info.mock.calls.map(([line]) => JSON.parse(String(line)) as unknown)).toEqual([
      {
        time: expect.any(String) as string,
        level: 'info',
        message: 'seen',
        requestId: 'r-1',
        fields: { password: '[secret]' },
      },
    ])
  })

  it('go to pino', async () => {
    const lines: string[] = []
    const logger = pino({ level: 'debug', timestamp: false }, { write: (line: string) => void lines.push(line) })
    await requestOnNode(loggingApplication(({ level, message, ...line }) => logger[level](line, message)))
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      {
        level: 30,
        msg: 'seen',
        requestId: 'r-1',
        fields: { password: '[secret]' },
        time: expect.any(String) as string,
      },
    ])
  })
})

describe('lines of a Lambda function', () => {
  const context = { awsRequestId: 'aws-1', getRemainingTimeInMillis: () => 10_000 } as never

  it('go to Powertools', async () => {
    vi.stubEnv('POWERTOOLS_DEV', 'true')
    const info = vi.spyOn(console, 'info').mockImplementation(() => {})
    const logger = new Logger({ serviceName: 'shop', logLevel: 'DEBUG' })
    const app = loggingApplication(({ level, message, ...line }) => logger[level](message, line))
    const event = {
      version: '2.0',
      rawPath: '/',
      rawQueryString: '',
      headers: {},
      requestContext: { http: { method: 'GET', path: '/' } },
    }
    await lambda(app)(event as never, context)
    expect(info.mock.calls.map(([line]) => JSON.parse(String(line)) as unknown)).toMatchObject([
      { level: 'INFO', message: 'seen', service: 'shop', requestId: 'aws-1', fields: { password: '[secret]' } },
    ])
  })

  it('have the id of their message', async () => {
    const info = vi.spyOn(console, 'info').mockImplementation(() => {})
    const handler = lambda.on(loggingApplication(), {
      sqs: async (_message, scope) => (await scope.resolve(Log)).info('taken'),
    })
    const record = (messageId: string) => ({
      messageId,
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:eu-central-1:1:orders',
      body: '{}',
      attributes: { SentTimestamp: '0', ApproximateReceiveCount: '1' },
      messageAttributes: {},
    })
    await handler({ Records: [record('m-1'), record('m-2')] } as never, context)
    const lines = info.mock.calls.map(([line]) => JSON.parse(String(line)) as { messageId?: string })
    expect(lines.map(({ messageId }) => messageId).toSorted()).toEqual(['m-1', 'm-2'])
  })
})
