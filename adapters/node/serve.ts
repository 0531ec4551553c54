import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { assertOptions, must, type OptionCheck } from '../../src/core/assert-options.ts'
import { assertApplication, longestTimer, TimeoutError, type Application } from '../../src/runtime/index.ts'
import { answer, nodeRuntime } from './answer.ts'
import { useApplication } from './application-use.ts'
import { listen } from './listen.ts'
import { declaresTooMuch } from './request-body.ts'
import { isCatchable, listenFor } from './signals.ts'

/** Options of `serve`. */
export interface ServeOptions {
  /** @default 3000; 0 takes any free port */
  readonly port?: number
  /** @default '127.0.0.1'; a container needs '0.0.0.0' */
  readonly host?: string
  /** What configuration is read from. @default process.env */
  readonly env?: object
  /** How long `close` waits for open requests and background work, in milliseconds. @default 10000 */
  readonly closeTimeout?: number
  /**
   * How many bytes the body of a request may have. A client that announces more is answered 413 before any of it is read;
   * reading a body without a length fails with a `ContentTooLargeError` beyond it. Infinity takes all.
   * @default 10485760 (10 MiB)
   */
  readonly maxBodyBytes?: number
  /**
   * How long a client may take to send the next bytes of a body that is being read, in milliseconds. Reading then fails
   * with a `RequestTimeoutError`, which is a 408. @default 30000
   */
  readonly bodyTimeout?: number
  /**
   * How long a request may take to arrive whole, in milliseconds, also if its reader is slow. It is a 408 then, and its
   * connection is closed. Infinity waits for ever. @default 300000
   */
  readonly uploadTimeout?: number
  /**
   * How long a connection without requests is kept, in milliseconds: longer than a load balancer in front keeps it, which
   * could otherwise send a request over a connection that is being closed. @default 5000
   */
  readonly keepAliveTimeout?: number
  /**
   * How long a client may take nothing of an answer that waits for it, in milliseconds. It counts as one that has left
   * then: its connection is closed, the body cancelled and the signal aborted. Infinity waits for ever. @default 30000
   */
  readonly sendTimeout?: number
  /**
   * Signals that close the server, as soon as it has booted; the process then ends by itself. The second signal ends it
   * at once. @default ['SIGTERM', 'SIGINT']
   */
  readonly signals?: readonly NodeJS.Signals[]
}

const optionChecks = {
  port: must.beNumberFrom(0),
  host: must.beText,
  env: must.beObject,
  closeTimeout: must.beNumberFrom(0),
  maxBodyBytes: must.beNumberFrom(0),
  bodyTimeout: must.beNumberFrom(0),
  uploadTimeout: must.beNumberFrom(1),
  keepAliveTimeout: must.beNumberFrom(1),
  sendTimeout: must.beNumberFrom(0),
  signals: {
    expected: "an array of signals that a process can listen for, such as 'SIGTERM'",
    holds: (value) => Array.isArray(value) && value.every(isCatchable),
  },
} satisfies Readonly<Record<keyof ServeOptions, OptionCheck>>

/** A server that `serve` has started. */
export interface NodeServer extends AsyncDisposable {
  readonly url: string
  readonly port: number
  /**
   * Stops taking connections, lets open requests and `waitUntil` work end, and shuts the application down. Readiness is
   * 503 meanwhile. What has not ended after `closeTimeout` is broken off and reported. The second call does nothing.
   */
  close(): Promise<void>
}

/**
 * Serves an application with Node's own HTTP server, for containers and local work. It has booted when this resolves:
 * a wrong configuration rejects here.
 *
 * @throws UsageError `LEX_ERR_USE_001` when it cannot listen (the port is taken, or is not a port), or an option is not
 * what it must be
 * @example
 * import { serve } from 'lexigram-edge/node'
 *
 * const server = await serve(app, { port: 3000 })
 */
export async function serve(app: Application, options: ServeOptions = {}): Promise<NodeServer> {
  assertApplication(app)
  assertOptions(options, optionChecks, 'the options of serve')
  const { port = 3000, host = '127.0.0.1', closeTimeout = 10_000, signals = ['SIGTERM', 'SIGINT'] } = options
  const { maxBodyBytes = 10 * 1024 * 1024, bodyTimeout = 30_000, sendTimeout = 30_000 } = options
  const env = options.env ?? process.env
  const leave = useApplication(app, env)
  // Before the boot: process 1 of a container is not ended by a signal that it does not listen for.
  const { asked, forget } = listenFor(signals)
  const background = new Set<Promise<unknown>>()
  const state = { draining: false, origin: '' }
  const waitUntil = (work: Promise<unknown>): void => {
    background.add(work)
    void work.finally(() => background.delete(work))
  }
  const limits = { maxBodyBytes, bodyTimeout }
  const serving = { app, env, state, limits, sendTimeout, waitUntil }
  const listener = (message: IncomingMessage, target: ServerResponse): void => {
    // A response that had begun before has not asked the client to close the connection.
    target.once('close', () => {
      if (state.draining) server.closeIdleConnections()
    })
    waitUntil(answer(serving, message, target))
  }
  const server = createServer(connectionTimes(options), listener)
  const closeSilent = silentConnections(server)
  // A client that asks before it sends its body does not get a 100 Continue for one that is refused.
  server.on('checkContinue', (message: IncomingMessage, target: ServerResponse) => {
    if (!declaresTooMuch(message, limits)) target.writeContinue()
    listener(message, target)
  })
  const bound = await start().catch(async (error: unknown) => {
    forget()
    await leave()
    throw error
  })
  state.origin = `http://${host.includes(':') ? `[${host}]` : host}:${bound}`
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= drain())
  void asked.then(close)

  async function start(): Promise<number> {
    await app.start(env, nodeRuntime)
    const taken = await listen(server, port, host)
    // One connection that cannot be accepted is not the end of the others.
    server.on('error', (error) => app.options.onError?.({ error, phase: 'handler' }))
    return taken
  }

  async function drain(): Promise<void> {
    forget()
    state.draining = true
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeIdleConnections()
    closeSilent()
    const ended = closed.then(async () => {
      while (background.size > 0) await Promise.all(background)
    })
    let timer: NodeJS.Timeout | undefined
    const limit = Math.min(closeTimeout, longestTimer)
    await Promise.race([ended, new Promise((resolve) => (timer = setTimeout(resolve, limit)))])
    clearTimeout(timer)
    if (background.size > 0) {
      const left = `${background.size} request(s) or piece(s) of background work did not end within ${closeTimeout} ms`
      app.options.onError?.({ error: new TimeoutError(left), phase: 'waitUntil' })
    }
    server.closeAllConnections()
    await leave()
  }

  return { url: state.origin, port: bound, close, [Symbol.asyncDispose]: close }
}

/** What Node itself measures. It takes whole numbers, and 0 for no limit. */
function connectionTimes({ uploadTimeout = 300_000, keepAliveTimeout = 5000 }: ServeOptions): ServerOptions {
  const whole = (ms: number): number => (ms > longestTimer ? 0 : Math.ceil(ms))
  return {
    requestTimeout: whole(uploadTimeout),
    // Node's own limits; with no limit for the whole there would be none for the headers.
    headersTimeout: Math.ceil(Math.min(uploadTimeout, 60_000)),
    connectionsCheckingInterval: Math.ceil(Math.min(uploadTimeout, 60_000) / 2),
    keepAliveTimeout: whole(keepAliveTimeout),
  }
}

/**
 * Returns a function that closes the connections over which nothing has come yet. Browsers and load balancers open some ahead,
 * and Node takes them for requests that have begun.
 */
function silentConnections(server: Server): () => void {
  const open = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  return () => {
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy()
  }
}
