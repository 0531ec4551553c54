import type { AttributeValue, SpanKind, Tracer } from '../../core/tracing/tracer.ts'
import { createTracer, type TracerOptions } from '../../tracing/create-tracer.ts'
import type { MetricPoint, SinkSpan, SpanStart } from '../../tracing/sink.ts'
import { printTrace } from './print-trace.ts'
import type { RecordedMetric, RecordedSpan } from './recorded.ts'

/** A tracer that keeps its spans and metrics, for tests. */
export interface TestTracer extends Tracer {
  /** What was measured, each metric once for each set of attributes. */
  readonly metrics: readonly RecordedMetric[]
  /** The spans without a parent in this process, in the order in which they began. */
  readonly roots: readonly RecordedSpan[]
  /** All spans of this name, in the order in which they began. */
  named(name: string): readonly RecordedSpan[]
  /**
   * The spans as an indented list, a line for each: the name, the attributes that are asked for, and what failed.
   *
   * @param attributes names of attributes. @default none
   */
  print(...attributes: readonly string[]): string
  /** Forgets what was recorded. */
  clear(): void
}

/**
 * Makes a tracer that keeps its spans and metrics in memory. Ids count up, so that a printed trace is the same each time.
 *
 * @example
 * import { createTestTracer, startTestApplication } from 'lexigram-edge/testing'
 *
 * const tracer = createTestTracer()
 * const app = createApplication({ name: 'shop', tracer, fetch })
 */
export function createTestTracer(options: TracerOptions = {}): TestTracer {
  let count = 0
  const nextId = (digits: number): string => (++count).toString(16).padStart(digits, '0')
  const all: RecordingSpan[] = []
  const start = (given: SpanStart): SinkSpan => {
    const span = new RecordingSpan(given, nextId)
    all.push(span)
    return span
  }
  const series = new Map<string, RecordedMetric & { readonly values: number[] }>()
  const record = ({ metric: { name, kind, unit }, value, attributes }: MetricPoint): void => {
    const key = JSON.stringify([name, attributes])
    const known = series.get(key)
    if (known === undefined) series.set(key, { name, kind, unit, attributes: { ...attributes }, values: [value] })
    else known.values.push(value)
  }
  return {
    ...createTracer({ start, record }, options),
    get metrics() {
      return [...series.values()]
    },
    get roots() {
      return all.filter(({ isRoot }) => isRoot)
    },
    named: (name) => all.filter((span) => span.name === name),
    print: (...attributes) =>
      printTrace(
        all.filter(({ isRoot }) => isRoot),
        attributes,
      ),
    clear() {
      all.length = 0
      series.clear()
    },
  }
}

class RecordingSpan implements SinkSpan, RecordedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly sampled: boolean
  readonly kind: SpanKind
  readonly callerId: string | undefined
  readonly isRoot: boolean
  readonly children: RecordingSpan[] = []
  name: string
  attributes: Record<string, AttributeValue>
  failure: string | undefined = undefined
  ended = false

  constructor({ name, kind, attributes, parent, caller }: SpanStart, nextId: (digits: number) => string) {
    // What a sink is given as a parent, it has made.
    const around = parent as RecordingSpan | undefined
    this.traceId = around?.traceId ?? caller?.traceId ?? nextId(32)
    this.spanId = nextId(16)
    this.sampled = around?.sampled ?? caller?.sampled ?? true
    this.callerId = caller?.parentId
    this.isRoot = around === undefined
    this.name = name
    this.kind = kind
    this.attributes = { ...attributes }
    around?.children.push(this)
  }

  set(name: string, value: AttributeValue): void {
    this.attributes[name] = value
  }

  rename(name: string): void {
    this.name = name
  }

  fail(type: string): void {
    this.failure = type
  }

  end(): void {
    this.ended = true
  }
}
