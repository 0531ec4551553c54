import { keepTraceOf } from '../core/tracing/error-trace.ts'
import { runOnce } from '../core/tracing/run-once.ts'
import type { Measurement } from '../core/tracing/measurement.ts'
import type { Operation } from '../core/tracing/operation.ts'
import type { AttributeValue, Span } from '../core/tracing/tracer.ts'
import { parseTraceParent, type TraceParent } from '../core/tracing/trace-parent.ts'
import { describe, type Description } from './describe/describe.ts'
import type { Meter } from './metrics/meter.ts'
import type { Timed } from './metrics/timed.ts'
import type { SinkSpan, TraceSink } from './sink.ts'

/** What the spans of one trace share. */
export interface Trace {
  readonly sink: TraceSink
  /** Undefined where nothing is measured. */
  readonly meter: Meter | undefined
  readonly report: (error: unknown) => void
  /** How many spans may still begin. */
  left: number
  /** How many were not begun, because there were too many. */
  dropped: number
}

/** How a span begins: as a part of another one, or for a caller outside. */
export interface Origin {
  readonly parent?: SinkSpan | undefined
  readonly caller?: TraceParent | undefined
  /** Whether the sink receives no part of it, because it has not received its parent. */
  readonly isHidden?: boolean
}

/** Begins a span. Where the sink fails, or the trace is full, it records nothing, but is still measured. */
export function startSpan(trace: Trace, operation: Operation, origin: Origin): Span {
  const { meter } = trace
  const isFull = trace.left <= 0
  if (isFull) trace.dropped++
  else trace.left--
  if ((isFull || origin.isHidden === true) && meter === undefined) return new SilentSpan(origin.parent)
  try {
    const description = describe(operation)
    const inner = isFull ? undefined : begin(trace, description, origin)
    if (inner === undefined && meter === undefined) return new SilentSpan(origin.parent)
    return new RecordingSpan(trace, { ...origin, inner }, meter?.begin(operation, description))
  } catch (error) {
    trace.report(error)
    return new SilentSpan(origin.parent)
  }
}

/** The sink's span; undefined where it has none. */
function begin(
  { sink, report }: Trace,
  description: Description,
  { parent, caller, isHidden }: Origin,
): SinkSpan | undefined {
  if (isHidden === true) return undefined
  try {
    return sink.start?.({ ...description, parent, caller })
  } catch (error) {
    report(error)
    return undefined
  }
}

/** The span of a sink, guarded: what the sink throws goes no further. */
class RecordingSpan implements Span {
  readonly traceId: string
  readonly spanId: string
  readonly #trace: Trace
  /** The sink's own; undefined where it has none. */
  readonly #inner: SinkSpan | undefined
  /** The sink's own, or that which this is a part of. */
  readonly #nearest: SinkSpan | undefined
  readonly #isRoot: boolean
  readonly #timed: Timed | undefined
  #failure: string | undefined
  #ended = false

  constructor(
    trace: Trace,
    { parent, inner }: Origin & { readonly inner: SinkSpan | undefined },
    measured: Timed | undefined,
  ) {
    this.#trace = trace
    this.#inner = inner
    this.#nearest = inner ?? parent
    this.#isRoot = parent === undefined
    this.#timed = measured
    this.traceId = this.#nearest?.traceId ?? ''
    this.spanId = this.#nearest?.spanId ?? ''
  }

  get traceParent(): string | undefined {
    return this.#nearest && traceParentOf(this.#nearest)
  }

  start(operation: Operation): Span {
    return startSpan(this.#trace, operation, { parent: this.#nearest, isHidden: this.#inner === undefined })
  }

  set(name: string, value: AttributeValue): void {
    if (this.#ended) return
    try {
      this.#inner?.set(name, value)
    } catch (error) {
      this.#trace.report(error)
    }
  }

  measure(measurement: Measurement): void {
    this.#trace.meter?.count(measurement)
  }

  rename(name: string): void {
    this.#forward((span) => span.rename?.(name))
  }

  fail(error: unknown): void {
    keepTraceOf(error, this.traceId)
    const type = errorType(error)
    if (!this.#ended) this.#failure = type
    this.#forward((span) => span.fail(type))
  }

  end(): void {
    if (this.#ended) return
    if (this.#isRoot && this.#trace.dropped > 0) this.set('lexigram.spans.dropped', this.#trace.dropped)
    this.#forward((span) => span.end())
    this.#ended = true
    if (this.#timed !== undefined) this.#trace.meter?.end(this.#timed, this.#failure)
  }

  run<T>(work: () => T): T {
    const inner = this.#inner
    if (this.#ended || inner?.run === undefined) return work()
    return runOnce((once) => inner.run?.(once), work, this.#trace.report)
  }

  #forward(call: (span: SinkSpan) => void): void {
    if (this.#ended || this.#inner === undefined) return
    try {
      call(this.#inner)
    } catch (error) {
      this.#trace.report(error)
    }
  }
}

/** Stands for a span that could not begin; so do its parts. */
class SilentSpan implements Span {
  readonly traceId: string
  readonly spanId: string
  readonly traceParent: string | undefined

  constructor(parent: SinkSpan | undefined) {
    this.traceParent = parent && traceParentOf(parent)
    this.traceId = parent?.traceId ?? ''
    this.spanId = parent?.spanId ?? ''
  }

  start(): Span {
    return this
  }

  set(): void {}

  measure(): void {}

  rename(): void {}

  fail(): void {}

  end(): void {}

  run<T>(work: () => T): T {
    return work()
  }
}

function traceParentOf({ traceId, spanId, sampled }: SinkSpan): string | undefined {
  if (traceId === undefined || spanId === undefined) return undefined
  const header = `00-${traceId}-${spanId}-${sampled === false ? '00' : '01'}`
  // A sink may have other ids, or none for this span.
  return parseTraceParent(header) === undefined ? undefined : header
}

/** What kind of error it is: its code where it has one, else its class. Never its message, which may quote data. */
function errorType(error: unknown): string {
  // A text in capitals is a code. Another may be a message.
  if (typeof error === 'string' && /^[A-Z][A-Z\d_]{0,63}$/.test(error)) return error
  if (typeof error !== 'object' || error === null) return typeof error
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown }
  for (const type of [code, name]) if (typeof type === 'string' && /^[\w.-]{1,64}$/.test(type)) return type
  return 'Error'
}
