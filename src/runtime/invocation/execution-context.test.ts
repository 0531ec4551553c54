import { describe, expect, it } from 'vitest'
import { LazyRequestContext } from './execution-context.ts'
import type { Invocation } from './request-context.ts'
import { parseTraceParent } from '../../core/tracing/trace-parent.ts'

const contextOf = (invocation: Partial<Invocation>): LazyRequestContext =>
  new LazyRequestContext({ env: {}, waitUntil: () => {}, ...invocation }, () => {})

describe('request context', () => {
  const withId = (id: string) =>
    contextOf({ request: new Request('https://x.test', { headers: { 'x-request-id': id } }) })

  it('takes a sane request id from the header', () => {
    expect(withId('abc-123').requestId).toBe('abc-123')
  })

  it('makes a request id in place of one that is not sane', () => {
    expect(withId('<script>').requestId).toMatch(/^[0-9a-f-]{36}$/)
    expect(withId('x'.repeat(129)).requestId).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('has one request id from the platform or its own', () => {
    const made = contextOf({})
    expect(made.requestId).toBe(made.requestId)
    expect(contextOf({ requestId: 'from-platform' }).requestId).toBe('from-platform')
  })

  it('aborts its signal with the platform’s signal, the request’s, or at the deadline', async () => {
    const platform = new AbortController()
    const client = new AbortController()
    const context = contextOf({
      signal: platform.signal,
      request: new Request('https://x.test', { signal: client.signal }),
    })
    expect(context.signal.aborted).toBe(false)
    client.abort(new Error('left'))
    expect(context.signal.aborted).toBe(true)
    const late = contextOf({ deadline: Date.now() - 1 })
    await new Promise((resolve) => late.signal.addEventListener('abort', resolve, { once: true }))
    expect(late.signal.reason).toMatchObject({ name: 'TimeoutError' })
    expect(contextOf({}).signal.aborted).toBe(false)
  })

  it('reports work that rejects, of which the platform does not learn', async () => {
    const errors: unknown[] = []
    const platform: Promise<unknown>[] = []
    const context = new LazyRequestContext({ env: {}, waitUntil: (work) => void platform.push(work) }, (error) =>
      errors.push(error),
    )
    context.waitUntil(Promise.reject(new Error('background')))
    await Promise.all(platform)
    expect(errors).toMatchObject([{ message: 'background' }])
  })

  it('waits for work that other work added', async () => {
    const log: string[] = []
    const context = contextOf({})
    context.waitUntil(
      Promise.resolve().then(() => {
        log.push('first')
        context.waitUntil(Promise.resolve().then(() => log.push('second')))
      }),
    )
    await context.tasks.settle()
    expect(log).toEqual(['first', 'second'])
    expect(context.tasks.idle).toBe(true)
  })
})

describe('parseTraceParent', () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c'
  const parentId = 'b7ad6b7169203331'

  it('takes a valid header apart', () => {
    expect(parseTraceParent(`00-${traceId}-${parentId}-01`)).toEqual({ traceId, parentId, sampled: true })
    expect(parseTraceParent(`00-${traceId}-${parentId}-00`)).toMatchObject({ sampled: false })
    expect(parseTraceParent(`cc-${traceId}-${parentId}-01-what-the-future-brings`)).toMatchObject({ traceId })
  })

  it('ignores what the recommendation calls invalid', () => {
    const invalid = [
      undefined,
      '',
      `ff-${traceId}-${parentId}-01`,
      `00-${'0'.repeat(32)}-${parentId}-01`,
      `00-${traceId}-${'0'.repeat(16)}-01`,
      `00-${traceId}-${parentId}-01-extra`,
      `00-${traceId.toUpperCase()}-${parentId}-01`,
    ]
    for (const header of invalid) expect(parseTraceParent(header)).toBeUndefined()
  })
})
