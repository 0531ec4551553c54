import { keepTraceOf } from '../core/tracing/error-trace.ts'
import type { Operation } from '../core/tracing/operation.ts'
import type { AttributeValue, Span } from '../core/tracing/tracer.ts'
import { parseTraceParent, type TraceParent } from '../core/tracing/trace-parent.ts'
import { describe } from './describe/describe.ts'
import type { SinkSpan, TraceSink } from './sink.ts'

/** What the spans of one trace share. */
export interface Trace {
  readonly sink: TraceSink
  readonly report: (error: unknown) => void
  /** How many spans may still begin. */
  left: number
  /** How many were not begun, because there were too many. */
  dropped: number
}

/** How a span begins: as a part of another one, or for a caller outside. */
export interface Origin {
  readonly parent?: SinkSpan
  readonly caller?: TraceParent | undefined
}

/** Begins a span. Where the sink fails, or the trace is full, the span records nothing. */
export function startSpan(trace: Trace, operation: Operation, { parent, caller }: Origin): Span {
  if (trace.left <= 0) {
    trace.dropped++
    return new SilentSpan(parent)
  }
  trace.left--
  try {
    const inner = trace.sink.start({ ...describe(operation), parent, caller })
    return new LiveSpan(trace, inner, parent === undefined)
  } catch (error) {
    trace.report(error)
    return new SilentSpan(parent)
  }
}

/** The span of a sink, guarded: what the sink throws goes no further. */
class LiveSpan implements Span {
  readonly traceId: string
  readonly spanId: string
  readonly #trace: Trace
  readonly #inner: SinkSpan
  readonly #isRoot: boolean
  #ended = false

  constructor(trace: Trace, inner: SinkSpan, isRoot: boolean) {
    this.#trace = trace
    this.#inner = inner
    this.#isRoot = isRoot
    this.traceId = inner.traceId ?? ''
    this.spanId = inner.spanId ?? ''
  }

  get traceParent(): string | undefined {
    return traceParentOf(this.#inner)
  }

  start(operation: Operation): Span {
    return startSpan(this.#trace, operation, { parent: this.#inner })
  }

  set(name: string, value: AttributeValue): void {
    this.#tell((span) => span.set(name, value))
  }

  rename(name: string): void {
    this.#tell((span) => span.rename?.(name))
  }

  fail(error: unknown): void {
    keepTraceOf(error, this.traceId)
    this.#tell((span) => span.fail(errorType(error)))
  }

  end(): void {
    if (this.#isRoot && this.#trace.dropped > 0) this.set('lexigram.spans.dropped', this.#trace.dropped)
    this.#tell((span) => span.end())
    this.#ended = true
  }

  run<T>(work: () => T): T {
    if (this.#ended || this.#inner.run === undefined) return work()
    let done: { readonly value: T } | undefined
    let began = false
    const once = (): T => {
      began = true
      done = { value: work() }
      return done.value
    }
    try {
      return this.#inner.run(once)
    } catch (error) {
      // What the work has thrown is the caller's.
      if (began && done === undefined) throw error
      this.#trace.report(error)
      return (done ?? { value: work() }).value
    }
  }

  #tell(tell: (span: SinkSpan) => void): void {
    if (this.#ended) return
    try {
      tell(this.#inner)
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
  // A text is for people; what is written like a code is one.
  if (typeof error === 'string' && /^[A-Z][A-Z\d_]{0,63}$/.test(error)) return error
  if (typeof error !== 'object' || error === null) return typeof error
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown }
  for (const type of [code, name]) if (typeof type === 'string' && /^[\w.-]{1,64}$/.test(type)) return type
  return 'Error'
}
