import type { AttributeValue, SpanKind } from '../core/tracing/tracer.ts'
import type { MetricKind } from '../core/tracing/measurement.ts'
import type { TraceParent } from '../core/tracing/trace-parent.ts'

/** A span as a sink keeps it. What its methods throw is reported once, and harms nothing. */
export interface SinkSpan {
  /** 32 hexadecimal digits. @default '' */
  readonly traceId?: string
  /** 16 hexadecimal digits. @default '' */
  readonly spanId?: string
  /** Whether the trace is kept; the header `traceparent` passes this on. @default true */
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

/** What a sink learns when a span begins. */
export interface SpanStart {
  readonly name: string
  readonly kind: SpanKind
  readonly attributes: Readonly<Record<string, AttributeValue>>
  /** What it is a part of. Without one it begins a trace, or belongs to what is current where the sink knows that. */
  readonly parent: SinkSpan | undefined
  /** The caller's part of the trace, where it comes from outside; never beside `parent`. */
  readonly caller: TraceParent | undefined
  /**
   * When the work began, in milliseconds since 1970, where it is known only afterwards that it is worth a span.
   * @default now
   */
  readonly startedAt?: number | undefined
}

/** What a metric is. Sinks know one by its name, which never has two meanings. */
export interface Metric {
  readonly name: string
  /**
   * Values of a `counter` are added up, and so are those of an `upDownCounter`, which are below 0 where its level falls; those
   * of a `histogram` are looked at by how they are spread.
   */
  readonly kind: MetricKind
  /** Of the Unified Code for Units of Measure: `s`, `{retry}`. */
  readonly unit: string
  readonly description?: string
  /** Where the buckets of a histogram end that keeps no single values. @default the sink's */
  readonly buckets?: readonly number[]
}

/** One value of a metric. */
export interface MetricPoint {
  readonly metric: Metric
  readonly value: number
  readonly attributes: Readonly<Record<string, AttributeValue>>
}

/** Where metrics go. What its methods throw is reported once, and harms nothing. */
export interface MetricSink {
  /** Takes a value. It does not block. */
  record(point: MetricPoint): void
  /**
   * Sends what is held back, before the platform stops the process. What takes longer than two seconds is not waited for.
   * @default nothing is held back
   */
  flush?(): void | Promise<void>
}

/**
 * Where spans go, metrics, or both: what `createTracer` is given. It does not block: what it has is sent on its own time,
 * or by `flush`.
 */
export interface TraceSink extends Partial<MetricSink> {
  /** @default no spans are kept */
  start?(span: SpanStart): SinkSpan
}

/** Receives the first failure of each place. */
export type ReportOf = (place: TraceSink) => (error: unknown) => void
