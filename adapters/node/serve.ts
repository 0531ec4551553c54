import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { assertApplication, sharedRuntime, type Application } from '../../src/runtime/index.ts'
import { MalformedRequest, toRequest } from './request.ts'
import { sendResponse } from './response.ts'

export interface ServeOptions {
  /** @default 3000; 0 takes any free port */
  readonly port?: number
  /** @default '127.0.0.1'; a container needs '0.0.0.0' */
  readonly host?: string
  /** What configuration is read from. @default process.env */
  readonly env?: object
  /** How long `close` waits for open requests and background work, in milliseconds. @default 10000 */
  readonly closeTimeout?: number
  /** Signals that close the server; the process then ends by itself. @default ['SIGTERM', 'SIGINT'] */
  readonly signals?: readonly NodeJS.Signals[]
}

export interface NodeServer extends AsyncDisposable {
  readonly url: string
  readonly port: number
  /**
   * Stops taking connections, lets open requests and `waitUntil` work end, and shuts the application down. Readiness is
   * 503 meanwhile. What has not ended after `closeTimeout` is broken off. The second call does nothing.
   */
  close(): Promise<void>
}

/**
 * Serves an application with Node's own HTTP server, for containers and local work. It has booted when this resolves:
 * a wrong configuration rejects here.
 *
 * @example
 * import { serve } from 'lexigram-edge/node'
 *
 * const server = await serve(app, { port: 3000 })
 */
export async function serve(app: Application, options: ServeOptions = {}): Promise<NodeServer> {
  assertApplication(app)
  const { port = 3000, host = '127.0.0.1', closeTimeout = 10_000, signals = ['SIGTERM', 'SIGINT'] } = options
  const env = options.env ?? process.env
  await app.start(env, sharedRuntime)
  const background = new Set<Promise<unknown>>()
  const state = { draining: false, origin: '' }
  const waitUntil = (work: Promise<unknown>): void => {
    background.add(work)
    void work.finally(() => background.delete(work))
  }
  const server = createServer((message, target) => {
    waitUntil(answer(app, message, target, { env, state, waitUntil }))
  })
  const bound = await listen(server, port, host).catch(async (error: unknown) => {
    await app.stop(env)
    throw error
  })
  state.origin = `http://${host.includes(':') ? `[${host}]` : host}:${bound}`
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= drain())
  const onSignal = (): void => void close()
  for (const signal of signals) process.once(signal, onSignal)

  async function drain(): Promise<void> {
    for (const signal of signals) process.off(signal, onSignal)
    state.draining = true
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeIdleConnections()
    const ended = closed.then(async () => {
      while (background.size > 0) await Promise.all(background)
    })
    let timer: NodeJS.Timeout | undefined
    await Promise.race([ended, new Promise((resolve) => (timer = setTimeout(resolve, closeTimeout)))])
    clearTimeout(timer)
    server.closeAllConnections()
    await app.stop(env)
  }

  return { url: state.origin, port: bound, close, [Symbol.asyncDispose]: close }
}

interface Serving {
  readonly env: object
  readonly state: { readonly draining: boolean; readonly origin: string }
  readonly waitUntil: (work: Promise<unknown>) => void
}

async function answer(
  app: Application,
  message: IncomingMessage,
  target: ServerResponse,
  { env, state, waitUntil }: Serving,
): Promise<void> {
  const client = new AbortController()
  target.once('close', () => {
    if (!target.writableFinished) client.abort()
  })
  try {
    const request = toRequest(message, target, { origin: state.origin, signal: client.signal })
    const response =
      state.draining && isReadiness(app, request)
        ? new Response(null, { status: 503 })
        : await app.handle(request, { env, platform: message, waitUntil }, sharedRuntime)
    await sendResponse(response, target, state.draining)
  } catch (error) {
    if (!(error instanceof MalformedRequest)) app.options.onError?.(error, 'handler')
    if (target.headersSent) target.destroy()
    else target.writeHead(error instanceof MalformedRequest ? 400 : 500, { connection: 'close' }).end()
  }
}

/** Load balancers take a server out of rotation by its readiness; open requests are still served. */
function isReadiness(app: Application, request: Request): boolean {
  const { health = '/health' } = app.options
  return health !== false && new URL(request.url).pathname === `${health}/ready`
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })
}
