import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a function has answered to one invocation. */
export interface InvocationOutcome {
  readonly kind: 'response' | 'error'
  readonly body: Buffer
  readonly contentType: string | undefined
  /** Whether the function streamed it. */
  readonly streamed: boolean
  /** The type of an error that came after the first byte, from the trailers. */
  readonly trailingError: string | undefined
}

export interface InvokeOptions {
  /** The function's timeout, in milliseconds. @default 30000 */
  readonly timeout?: number
}

/** Lambda's Runtime API, as far as a function can see it. */
export interface RuntimeApi extends AsyncDisposable {
  /** For the function's `AWS_LAMBDA_RUNTIME_API`. */
  readonly address: string
  /** Bodies of errors that functions had while they were loaded. */
  readonly initErrors: readonly string[]
  /** Resolves when a function asks for work, which it does once it is loaded. */
  idle(): Promise<void>
  /** Hands an event to the next function that asks, and waits for its answer. */
  invoke(event: unknown, options?: InvokeOptions): Promise<InvocationOutcome>
}

interface Invocation {
  readonly id: string
  readonly event: unknown
  readonly timeout: number
}

/**
 * Serves the Runtime API: next invocation, response (buffered or streamed), error and initialisation error.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export async function serveRuntimeApi(): Promise<RuntimeApi> {
  const queue: Invocation[] = []
  const waiting: ServerResponse[] = []
  const pending = new Map<string, (outcome: InvocationOutcome) => void>()
  const initErrors: string[] = []
  const idle: (() => void)[] = []

  const handOut = (): void => {
    while (queue.length > 0 && waiting.length > 0) give(waiting.shift()!, queue.shift()!)
    if (waiting.length > 0) for (const resolve of idle.splice(0)) resolve()
  }
  const next = (response: ServerResponse): void => {
    waiting.push(response)
    response.on('close', () => {
      const at = waiting.indexOf(response)
      if (at >= 0) waiting.splice(at, 1)
    })
    handOut()
  }
  const server = createServer((request, response) => void route(request, response))
  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '').replace('/2018-06-01/runtime', '')
    if (path === '/invocation/next') return next(response)
    const body = await bodyOf(request)
    const [, id = '', kind] = /^\/invocation\/([^/]+)\/(response|error)$/.exec(path) ?? []
    if (kind !== undefined) {
      pending.get(id)?.(outcomeOf(kind === 'error' ? 'error' : 'response', request, body))
      pending.delete(id)
    } else if (path === '/init/error') initErrors.push(body.toString())
    response.writeHead(kind === undefined && path !== '/init/error' ? 404 : 202).end('{}')
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    initErrors,
    idle: () =>
      new Promise((resolve) => {
        idle.push(resolve)
        handOut()
      }),
    invoke: (event, { timeout = 30_000 } = {}) =>
      new Promise((resolve) => {
        const id = randomUUID()
        pending.set(id, resolve)
        queue.push({ id, event, timeout })
        handOut()
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function give(response: ServerResponse, { id, event, timeout }: Invocation): void {
  response.writeHead(200, {
    'content-type': 'application/json',
    'lambda-runtime-aws-request-id': id,
    'lambda-runtime-deadline-ms': String(Date.now() + timeout),
    'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:us-east-1:000000000000:function:local',
    'lambda-runtime-trace-id': 'Root=1-0-0;Parent=0;Sampled=0',
  })
  response.end(JSON.stringify(event))
}

/** What has arrived, also of a body that breaks off. */
async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer)
  } catch {
    // The function has broken off; its answer is what there is.
  }
  return Buffer.concat(chunks)
}

function outcomeOf(kind: InvocationOutcome['kind'], request: IncomingMessage, body: Buffer): InvocationOutcome {
  const { headers, trailers } = request
  return {
    kind,
    body,
    contentType: headers['content-type'],
    streamed: headers['lambda-runtime-function-response-mode'] === 'streaming',
    trailingError: trailers['lambda-runtime-function-error-type'],
  }
}
