import { describe, expect, it, vi } from 'vitest'
import type { Span, Tracer } from '../core/tracing/tracer.ts'
import { provider } from './provider.ts'
import { createApplication } from './application.ts'
import { runBatch } from './invocation/run-batch.ts'
import { RequestContext } from './invocation/request-context.ts'
import { workersTraits } from './runtime-traits.ts'

const fail = (): never => {
  throw new Error('the tracer is broken')
}
const nothing = (): void => {}
const reject = () => Promise.reject(new Error('the tracer is broken'))

function spanOf(members: object): Span {
  const span: Span = {
    traceId: '',
    spanId: '',
    traceParent: undefined,
    start: () => span,
    set: nothing,
    measure: nothing,
    rename: nothing,
    fail: nothing,
    end: nothing,
    run: (work) => work(),
  }
  return Object.defineProperties(span, Object.getOwnPropertyDescriptors(members))
}

const tracerOf = (members: object): Tracer =>
  Object.assign({ start: () => spanOf({}), measure: nothing, reportTo: nothing }, members)

const method = Object.fromEntries(
  ['start', 'set', 'measure', 'rename', 'fail', 'end', 'run'].map((name) => [name, fail]),
)
const broken: readonly (readonly [name: string, tracer: Tracer])[] = [
  ['whose start throws', tracerOf({ start: fail })],
  ['whose start rejects', tracerOf({ start: reject })],
  ['whose measure throws', tracerOf({ measure: fail, start: fail })],
  ['whose reportTo throws', tracerOf({ reportTo: fail })],
  ['whose flush throws', tracerOf({ flush: fail })],
  ['whose flush rejects', tracerOf({ flush: reject })],
  ['whose spans throw', tracerOf({ start: () => spanOf(method) })],
  ['whose spans reject', tracerOf({ start: () => spanOf({ set: reject, end: reject }) })],
  [
    'whose spans have ids that throw',
    tracerOf({
      start: () =>
        spanOf({
          get traceId() {
            return fail()
          },
        }),
    }),
  ],
  [
    'whose spans throw after the work',
    tracerOf({ start: () => spanOf({ run: (work: () => unknown) => [work(), fail()] }) }),
  ],
]

function traced(tracer: Tracer) {
  const reports: string[] = []
  const kept: Promise<unknown>[] = []
  let calls = 0
  const app = createApplication({
    name: 'test',
    tracer,
    providers: [provider('one', { boot: nothing })],
    onError: ({ error, phase }) => reports.push(`${phase}: ${(error as Error).message}`),
    async fetch(_request, _env, { scope }) {
      const context = await scope.resolve(RequestContext)
      context.span?.start({ name: 'part' }).run(() => calls++)
      context.span?.rename('work')
      context.waitUntil(Promise.resolve())
      return new Response(context.span?.traceParent ?? 'done')
    },
  })
  const invocation = { env: {}, waitUntil: (work: Promise<unknown>) => void kept.push(work) }
  const send = async (): Promise<string> => {
    const response = await app.handle(new Request('https://x.test'), invocation, workersTraits)
    return `${response.status} ${await response.text()}`
  }
  const run = (): Promise<number> => app.run(() => 7, invocation, workersTraits)
  const stop = async (): Promise<void> => {
    while (kept.length > 0) await kept.pop()
    await app.stop(invocation.env)
  }
  return { send, run, stop, reports, calls: () => calls }
}

describe('a tracer written by hand', () => {
  it.each(broken)('%s harms no request', async (_name, tracer) => {
    const { send, run, stop, calls } = traced(tracer)
    expect([await send(), await send(), await run(), calls()]).toEqual(['200 done', '200 done', 7, 2])
    await stop()
  })

  it.each(broken)('%s is reported once', async (_name, tracer) => {
    const { send, run, stop, reports } = traced(tracer)
    await send()
    await send()
    await run()
    await stop()
    expect(reports).toEqual(['trace: the tracer is broken'])
  })

  it.each([
    ['never', () => undefined],
    ['twice', (work: () => unknown) => [work(), work()]],
  ])('a tracer written by hand whose spans call their work %s runs it once', async (_name, run) => {
    const { send, calls, stop } = traced(tracerOf({ start: () => spanOf({ run }) }))
    expect([await send(), calls()]).toEqual(['200 done', 1])
    await stop()
  })

  it('a tracer written by hand whose flush hangs lets the application stop', async () => {
    vi.useFakeTimers()
    try {
      const { send, stop, reports } = traced(tracerOf({ flush: () => new Promise(nothing) }))
      await send()
      const stopped = stop()
      await vi.advanceTimersByTimeAsync(5000)
      await stopped
      expect(reports).toEqual(['trace: the flush of the tracer did not end within 2000 ms'])
    } finally {
      vi.useRealTimers()
    }
  })

  it('a tracer written by hand that is given to runBatch cannot fail the batch', async () => {
    const errors: unknown[] = []
    const items = [{ id: 'a', run: nothing }]
    const options = {
      source: 'jobs',
      onError: (error: unknown) => errors.push(error),
      tracer: tracerOf({ measure: fail }),
    }
    const { done } = await runBatch(items, options)
    expect([done, errors]).toEqual([items, [new Error('the tracer is broken')]])
  })
})
