import type { AttributeValue } from './attributes.ts'
import type { Measurement } from './measurement.ts'
import type { Operation } from './operation.ts'
import type { TraceParent } from './trace-parent.ts'

export type { Attributes, AttributeValue, SpanKind } from './attributes.ts'

/**
 * A piece of work that is measured: when it began and ended, what it was, whether it failed. No method throws, and none
 * waits. After `end` nothing changes it.
 */
export interface Span {
  /** 32 hexadecimal digits; empty where the sink does not know them. */
  readonly traceId: string
  /** 16 hexadecimal digits; empty where the sink does not know them. */
  readonly spanId: string
  /** The W3C header `traceparent` for the next request or message of this work. Undefined without ids. */
  readonly traceParent: string | undefined
  /** Begins a part of this work. */
  start(operation: Operation): Span
  /** Sets an attribute; the last value counts. Parameters, documents and secrets do not belong here. */
  set(name: string, value: AttributeValue): void
  /** Counts something that belongs to this work. Nothing happens where the tracer has no place for metrics. */
  measure(measurement: Measurement): void
  /** Names the work better than was possible when it began. */
  rename(name: string): void
  /** Marks the work as failed, by the code or class of the error. Its message stays out: it may quote data. */
  fail(error: unknown): void
  /** Ends the work; again and it does nothing. */
  end(): void
  /** Runs `work` as the current span, where the sink knows such a thing: what libraries trace then belongs to it. */
  run<T>(work: () => T): T
}

/**
 * Where spans begin that have no parent in this process. Made by `createTracer` of `lexigram-edge/tracing`, or by a sink
 * that is built on it, so that it never throws and stays within bounds.
 */
export interface Tracer {
  /** Begins a trace, or continues the caller's. */
  start(operation: Operation, caller?: TraceParent): Span
  /** Counts something that belongs to no span. Nothing happens where the tracer has no place for metrics. */
  measure(measurement: Measurement): void
  /**
   * Sends what sinks hold back, within two seconds: for platforms that stop a process between invocations. Never rejects.
   * Undefined where no sink holds anything back.
   */
  readonly flush?: (() => Promise<void>) | undefined
  /** Receives the first failure of each sink. The first call counts. */
  reportTo(report: (error: unknown) => void): void
}
