import type { SpanRecord } from '../wire.ts'
import { bytesOf } from '../bytes-of.ts'

/** A request, message, job or boot, and its parts. */
export interface StoredTrace {
  readonly rootId: string
  readonly applicationId: string
  /** Counts up: a larger one came later. */
  readonly number: number
  /** Absent until it arrives: parts may come first. */
  root: SpanRecord | undefined
  /** By id, the root among them, in the order of arrival. */
  readonly spans: Map<string, SpanRecord>
  bytes: number
}

export interface TraceStoreOptions {
  /** Most traces that are kept. @default 500 */
  readonly maxTraces?: number
  /** Most spans that are kept, of all traces together. @default 20000 */
  readonly maxSpans?: number
  /** About how many bytes of memory are kept, of all traces together. @default 67108864, 64 MiB */
  readonly maxBytes?: number
}

/** Keeps the newest traces. The oldest give way, whole, and are counted. */
export interface TraceStore {
  /** Newest last. */
  readonly traces: ReadonlyMap<string, StoredTrace>
  readonly maxTraces: number
  /** How many traces have given way. */
  readonly dropped: number
  /** Takes a span, or another state of it; returns its trace. */
  put(applicationId: string, span: SpanRecord): StoredTrace | undefined
  clear(): void
}

/** How many ids of traces that have given way are remembered, so that a late part does not begin a trace without a root. */
const remembered = 1000

export function createTraceStore(options: TraceStoreOptions = {}): TraceStore {
  const { maxTraces = 500, maxSpans = 20_000, maxBytes = 64 * 1024 * 1024 } = options
  const traces = new Map<string, StoredTrace>()
  const gone = new Set<string>()
  let count = 0
  let bytes = 0
  let number = 0
  let dropped = 0

  const forget = (trace: StoredTrace): void => {
    traces.delete(trace.rootId)
    count -= trace.spans.size
    bytes -= trace.bytes
    dropped++
    gone.add(trace.rootId)
    if (gone.size > remembered) for (const first of gone) return void gone.delete(first)
  }

  const isOverfull = (): boolean => traces.size > maxTraces || count > maxSpans || bytes > maxBytes

  const makeRoom = (around: StoredTrace): void => {
    while (isOverfull()) {
      const [oldest] = traces.values()
      // The trace that grows is removed last, so that one endless trace does not empty the list.
      const next = oldest === around && traces.size > 1 ? [...traces.values()][1] : oldest
      if (next === undefined) return
      forget(next)
    }
  }

  return {
    traces,
    maxTraces,
    get dropped() {
      return dropped
    },
    put(applicationId, span) {
      if (gone.has(span.rootId)) return undefined
      let trace = traces.get(span.rootId)
      if (trace === undefined) {
        trace = { rootId: span.rootId, applicationId, number: ++number, root: undefined, spans: new Map(), bytes: 0 }
        traces.set(span.rootId, trace)
      }
      const known = trace.spans.get(span.spanId)
      // Batches may overtake each other.
      if (known?.end !== undefined && span.end === undefined) return trace
      if (known === undefined) count++
      const grown = bytesOf(span) - bytesOf(known)
      trace.bytes += grown
      bytes += grown
      trace.spans.set(span.spanId, span)
      if (span.spanId === span.rootId) trace.root = span
      makeRoom(trace)
      return traces.has(trace.rootId) ? trace : undefined
    },
    clear() {
      traces.clear()
      count = 0
      bytes = 0
      dropped = 0
    },
  }
}
