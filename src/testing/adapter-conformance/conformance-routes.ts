import type { Fetch } from '../../runtime/application-options.ts'
import { Log, type LogRecord } from '../../core/log/log.ts'
import { toSecret } from '../../core/setting/secret.ts'
import { RequestContext } from '../../runtime/invocation/request-context.ts'
import { ConformanceSession, ConformanceTransaction } from './conformance-tokens.ts'
import { failureRoutes } from './failure-routes.ts'
import { bodyKinds, kindsOfRuntime } from './body-kinds.ts'

/** Each route makes one thing visible. What happens is passed to `record`; `lines` are what the application has logged. */
export function conformanceRoutes(
  record: (line: string) => void,
  lines: readonly LogRecord[],
): Readonly<Record<string, Fetch>> {
  return {
    ...bodyRoutes,
    ...failureRoutes,
    '/': async (_request, _env, { scope }) => new Response(`session ${(await scope.resolve(ConformanceSession)).id}`),
    '/echo': async (request, _env, { scope }) => {
      const { requestId } = await scope.resolve(RequestContext)
      const body = await request.arrayBuffer()
      const { method, url, headers } = request
      return Response.json({ method, url, requestId, header: headers.get('x-test'), bytes: body.byteLength })
    },
    '/line': async (_request, _env, { scope }) => {
      const log = await scope.resolve(Log)
      log.debug('left out')
      log.info('written', { password: toSecret('swordfish') })
      const { requestId } = await scope.resolve(RequestContext)
      return Response.json({ requestId, line: lines.at(-1) })
    },
    '/bytes': async (request) => new Response(await request.arrayBuffer()),
    '/untouched': () => new Response('nothing to release', { status: 203, headers: { 'x-test': 'kept' } }),
    '/cookies': () => {
      const headers = new Headers([
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2; Path=/'],
      ])
      return new Response('two', { headers })
    },
    '/order': async (_request, _env, context) => {
      await context.scope.resolve(ConformanceTransaction)
      record('handler')
      let sent = (): void => {}
      const whole = new Promise<void>((resolve) => (sent = resolve))
      context.waitUntil(whole.then(() => record('work')))
      const onEnd = (): void => {
        record('body')
        sent()
      }
      return new Response(numbers({ count: 3, onEnd }))
    },
    '/empty': async (_request, _env, { scope }) => {
      await scope.resolve(ConformanceSession)
      return new Response(null, { status: 204 })
    },
    '/stream': async (request, _env, { scope }) => {
      await scope.resolve(ConformanceSession)
      const failAt = new URL(request.url).searchParams.get('fail')
      const onCancel = (): void => record('source cancelled')
      return new Response(numbers({ count: 20, onCancel, ...(failAt !== null && { failAt: Number(failAt) }) }))
    },
    '/later': (request, _env, context) => {
      const session = context.scope.resolve(ConformanceSession)
      const fails = new URL(request.url).searchParams.has('fail')
      const work = async (): Promise<void> => {
        const { id } = await session
        await pause(20)
        if (fails) throw new Error('lost')
        record(`work ${id}`)
      }
      context.waitUntil(work())
      return new Response('early')
    },
    '/deadline': async (_request, _env, { scope }) => {
      await scope.resolve(ConformanceSession)
      const { deadline, signal } = await scope.resolve(RequestContext)
      const left = deadline === undefined ? null : deadline - Date.now()
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
      record('aborted')
      return Response.json({ left, aborted: signal.aborted })
    },
    '/interleaved': async (request, _env, { scope }) => {
      const { id } = await scope.resolve(ConformanceSession)
      await pause(1 + (id % 7) * 3)
      const context = await scope.resolve(RequestContext)
      const same = (await scope.resolve(ConformanceSession)).id === id && context.request === request
      return new Response(same ? String(id) : 'mixed up')
    },
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

interface NumbersOptions {
  readonly count: number
  /** After how many lines the body fails. */
  readonly failAt?: number
  readonly onEnd?: () => void
  readonly onCancel?: () => void
}

/** Lines, slowly. */
function numbers({ count, failAt, onEnd, onCancel }: NumbersOptions): ReadableStream<Uint8Array> {
  let sent = 0
  return new ReadableStream({
    async pull(controller) {
      await pause(5)
      if (sent === failAt) throw new Error('half-way')
      if (sent < count) return controller.enqueue(new TextEncoder().encode(`${++sent}\n`))
      onEnd?.()
      controller.close()
    },
    cancel: () => onCancel?.(),
  })
}

/** Bodies of each kind, and of each length, from a scope that holds something. */
const bodyRoutes: Readonly<Record<string, Fetch>> = {
  '/body': async (request, _env, context) => {
    await context.scope.resolve(ConformanceSession)
    const kind = { ...bodyKinds, ...kindsOfRuntime() }[parameter(request, 'kind')]
    return kind!.response((work) => context.waitUntil(work))
  },
  '/kinds': () => Response.json(Object.entries(kindsOfRuntime()).map(([name, { text }]) => [name, text])),
  '/length': async (request, _env, { scope }) => {
    if (parameter(request, 'scope') === 'held') await scope.resolve(ConformanceSession)
    // Of a type that nothing on the way compresses.
    const headers = { 'content-length': '5', 'content-type': 'application/octet-stream' }
    return new Response('hello', { headers })
  },
}

function parameter(request: Request, name: string): string {
  return new URL(request.url).searchParams.get(name) ?? ''
}
