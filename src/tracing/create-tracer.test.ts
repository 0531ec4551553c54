import { describe, expect, it, vi } from 'vitest'
import { parseTraceParent } from '../core/tracing/trace-parent.ts'
import { createTestTracer } from '../testing/tracing/test-tracer.ts'
import { createTracer } from './create-tracer.ts'
import type { SinkSpan } from './sink.ts'

const failing = (member: string): SinkSpan => {
  const fail = () => {
    throw new Error(`${member} is down`)
  }
  const span = { set: () => {}, rename: () => {}, fail: () => {}, end: () => {}, run: <T>(work: () => T): T => work() }
  return { ...span, [member]: fail }
}

describe('a sink that throws', () => {
  it.each(['set', 'rename', 'fail', 'end', 'run'])('a sink that throws in %s is only reported, once', (member) => {
    const report = vi.fn<(error: unknown) => void>()
    const tracer = createTracer({ start: () => failing(member) })
    tracer.reportTo(report)
    for (let i = 0; i < 2; i++) {
      const span = tracer.start({ name: 'work' })
      span.set('a', 1)
      span.rename('other work')
      span.fail(new Error('wrong'))
      expect(span.run(() => 7)).toBe(7)
      span.end()
    }
    expect(report.mock.calls).toEqual([[expect.objectContaining({ message: `${member} is down` })]])
  })

  it('a sink that throws where a span begins still lets the work and its parts run', () => {
    const report = vi.fn<(error: unknown) => void>()
    const tracer = createTracer({
      start() {
        throw new Error('full')
      },
    })
    tracer.reportTo(report)
    const span = tracer.start({ name: 'work' })
    expect(span.start({ name: 'part' }).run(() => 7)).toBe(7)
    expect(report).toHaveBeenCalledTimes(1)
  })

  it('a sink that throws after the work has run does not run it again', () => {
    const run = <T>(work: () => T): T => {
      work()
      throw new Error('sink')
    }
    const tracer = createTracer({ start: () => ({ ...failing('none'), run }) })
    const work = vi.fn<() => number>(() => 7)
    expect(tracer.start({ name: 'work' }).run(work)).toBe(7)
    expect(work).toHaveBeenCalledTimes(1)
  })

  it('a sink that throws after the work has failed leaves its error alone', () => {
    const run = <T>(work: () => T): T => {
      work()
      throw new Error('sink')
    }
    const tracer = createTracer({ start: () => ({ ...failing('none'), run }) })
    const wrong = () => {
      throw new Error('mine')
    }
    expect(() => tracer.start({ name: 'work' }).run(wrong)).toThrow('mine')
  })
})

describe('a trace', () => {
  it('says how many spans it left out above its limit', () => {
    const tracer = createTestTracer({ maxSpans: 100 })
    const root = tracer.start({ name: 'root' })
    for (let i = 0; i < 10_000; i++) root.start({ name: 'part' }).end()
    root.end()
    expect(tracer.named('part')).toHaveLength(99)
    expect(tracer.roots[0]?.attributes).toEqual({ 'lexigram.spans.dropped': 9901 })
  })

  it('is passed on by the header of a span, also of one that was left out', () => {
    const tracer = createTestTracer({ maxSpans: 2 })
    const root = tracer.start({ name: 'root' }, { traceId: 'a'.repeat(32), parentId: 'b'.repeat(16), sampled: false })
    const part = root.start({ name: 'part' })
    expect(parseTraceParent(part.traceParent)).toEqual({
      traceId: root.traceId,
      parentId: part.spanId,
      sampled: false,
    })
    expect(root.start({ name: 'left out' }).traceParent).toBe(root.traceParent)
    expect(createTracer({ start: () => failing('none') }).start({ name: 'work' }).traceParent).toBeUndefined()
  })

  it('changes no more after its end', () => {
    const tracer = createTestTracer()
    const span = tracer.start({ name: 'work' })
    span.end()
    span.set('late', true)
    span.fail(new Error('late'))
    expect(tracer.roots[0]).toMatchObject({ attributes: {}, failure: undefined, ended: true })
  })

  it('names an error by its code or class, never by its message', () => {
    const tracer = createTestTracer()
    const failures = [
      [new TypeError('secret'), 'TypeError'],
      [Object.assign(new Error('secret'), { code: '23505' }), '23505'],
      [{ code: 'a secret\nof many words' }, 'Error'],
      ['SOLD_OUT', 'SOLD_OUT'],
      ['a secret', 'string'],
      [undefined, 'undefined'],
    ] as const
    for (const [error, type] of failures) {
      const span = tracer.start({ name: type })
      span.fail(error)
    }
    expect(tracer.roots.map(({ failure }) => failure)).toEqual(failures.map(([, type]) => type))
  })
})

describe('createTracer', () => {
  it('refuses what is not a sink', () => {
    for (const wrong of [undefined, {}, () => {}]) {
      expect(() => createTracer(wrong as never)).toThrow(expect.objectContaining({ code: 'LEX_ERR_USE_001' }))
    }
  })

  it('refuses limits that allow nothing', () => {
    const sink = { start: () => failing('none') }
    expect(() => createTracer(sink, { maxSpans: 0 })).toThrow(/maxSpans/)
    expect(() => createTracer(sink, { maxSpans: NaN })).toThrow(/maxSpans/)
  })
})
