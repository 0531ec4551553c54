import { context, SpanStatusCode, TraceFlags, type Context, type Span } from '@opentelemetry/api'
import type { AttributeValue } from '../core/tracing/tracer.ts'
import type { SinkSpan } from '../tracing/sink.ts'

/** A span of OpenTelemetry, with the context in which its work runs. */
export class OpenTelemetrySpan implements SinkSpan {
  readonly context: Context
  readonly traceId: string
  readonly spanId: string
  readonly sampled: boolean
  /** What was current around its trace when that began here: no part of it. */
  readonly around: string | undefined
  readonly #span: Span

  constructor(span: Span, own: Context, around: string | undefined) {
    this.#span = span
    this.around = around
    this.context = own
    const { traceId, spanId, traceFlags } = span.spanContext()
    this.sampled = (traceFlags & TraceFlags.SAMPLED) !== 0
    this.traceId = traceId
    this.spanId = spanId
  }

  set(name: string, value: AttributeValue): void {
    this.#span.setAttribute(name, value)
  }

  rename(name: string): void {
    this.#span.updateName(name)
  }

  fail(type: string): void {
    this.#span.setAttribute('error.type', type)
    this.#span.setStatus({ code: SpanStatusCode.ERROR })
  }

  end(): void {
    this.#span.end()
  }

  run<T>(work: () => T): T {
    return context.with(this.context, work)
  }
}
