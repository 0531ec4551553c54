import type { AttributeValue, SpanKind } from '../core/tracing/tracer.ts'
import type { TraceParent } from '../core/tracing/trace-parent.ts'

/** A span as a sink keeps it. What its methods throw is reported once, and harms nothing. */
export interface SinkSpan {
  /** 32 hexadecimal digits. @default '' */
  readonly traceId?: string
  /** 16 hexadecimal digits. @default '' */
  readonly spanId?: string
  /** Whether the trace is kept, which those who go on with the work are told. @default true */
  readonly sampled?: boolean
  set(name: string, value: AttributeValue): void
  /** @default the name stays */
  rename?(name: string): void
  /** Marks it as failed. `type` is a code or a class, as OpenTelemetry's `error.type`. */
  fail(type: string): void
  /** Called once, last. */
  end(): void
  /** Calls `work` with this span as the current one, and returns what it returned. @default `work` is called */
  run?<T>(work: () => T): T
}

export interface SpanStart {
  readonly name: string
  readonly kind: SpanKind
  readonly attributes: Readonly<Record<string, AttributeValue>>
  /** What it is a part of. Without one it begins a trace, or belongs to what is current where the sink knows that. */
  readonly parent: SinkSpan | undefined
  /** The caller's part of the trace, where it comes from outside; never beside `parent`. */
  readonly caller: TraceParent | undefined
}

/** Where spans go: what `createTracer` is given. It does not block: spans are sent on its own time. */
export interface TraceSink {
  start(span: SpanStart): SinkSpan
}
