import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  asDecoded,
  isCausedByAbort,
  sharedRuntime,
  toProblemResponse,
  watchDecoded,
  type Application,
  type Runtime,
} from '../../src/runtime/index.ts'
import { addressOf, MalformedRequest, toRequest } from './request.ts'
import { declaresTooMuch, tooLargeError, type BodyLimits } from './request-body.ts'
import { sendResponse } from './response.ts'
import { stallWatch } from './send-timeout.ts'

export const nodeRuntime: Runtime = { ...sharedRuntime, watchResponse: watchDecoded }

/** What all requests of a server share. */
export interface Serving {
  readonly app: Application
  readonly env: object
  readonly state: { readonly draining: boolean; readonly origin: string }
  readonly limits: BodyLimits
  /** How long a client may take nothing of its answer, in milliseconds. */
  readonly sendTimeout: number
  readonly waitUntil: (work: Promise<unknown>) => void
}

/** Answers one request, and never rejects. */
export async function answer(serving: Serving, message: IncomingMessage, target: ServerResponse): Promise<void> {
  const { app, env, state, limits, waitUntil } = serving
  const client = new AbortController()
  target.once('close', () => {
    if (!target.writableFinished) client.abort()
  })
  const { signal } = client
  let watched = true
  const onUntouchedBody = (): void => void (watched = false)
  const clientAddress = (): string | undefined => addressOf(message)
  const onFailure = (error: unknown): void => {
    if (!signal.aborted || !isCausedByAbort(error, signal.reason)) app.options.onError?.({ error, phase: 'stream' })
  }
  const onWaiting = stallWatch(target, serving.sendTimeout)
  const send = (response: Response, isCutOff: () => boolean): Promise<void> =>
    sendResponse(response, target, {
      closing: state.draining,
      onFailure,
      onWaiting,
      isWatched: () => watched,
      isCutOff,
    })
  try {
    if (declaresTooMuch(message, limits)) return await send(await refusal(limits, app), () => true)
    const { request, isCutOff } = toRequest(message, target, { origin: state.origin, signal, limits })
    const response =
      state.draining && isReadiness(app, request)
        ? new Response(null, { status: 503 })
        : await app.handle(request, { env, platform: message, waitUntil, onUntouchedBody, clientAddress }, nodeRuntime)
    await send(asDecoded(response), isCutOff)
  } catch (error) {
    if (!(error instanceof MalformedRequest)) app.options.onError?.({ error, phase: 'handler' })
    if (target.headersSent) return void target.destroy()
    // Those may be what is wrong.
    for (const name of target.getHeaderNames()) target.removeHeader(name)
    target.statusMessage = ''
    target.writeHead(error instanceof MalformedRequest ? 400 : 500, { connection: 'close' }).end()
    onWaiting()
  }
}

/** With its length, so that it is whole before the connection is closed. */
async function refusal(limits: BodyLimits, { options }: Application): Promise<Response> {
  const { statuses = {}, problemTypes } = options
  const problem = toProblemResponse(tooLargeError(limits), {
    statuses,
    ...(problemTypes !== undefined && { problemTypes }),
  })
  const bytes = await problem.arrayBuffer()
  problem.headers.set('content-length', String(bytes.byteLength))
  return new Response(bytes, problem)
}

/** Load balancers take a server out of rotation by its readiness; open requests are still served. */
function isReadiness(app: Application, request: Request): boolean {
  const { health = '/health' } = app.options
  return health !== false && new URL(request.url).pathname === `${health}/ready`
}
