import type { AttributeValue } from '../../core/tracing/tracer.ts'
import type { SinkSpan, SpanStart, TraceSink } from '../../tracing/sink.ts'
import { bytesOf } from '../bytes-of.ts'
import { cutText } from '../cut-text.ts'
import { keptAttributes } from '../kept-attributes.ts'
import type { SpanRecord } from '../wire.ts'

/** Spans that wait to be sent. The oldest give way when there are too many. */
export interface Outbox {
  readonly sink: TraceSink
  readonly isEmpty: boolean
  /** Takes out what is next, each span as it is now; one that goes on comes again when it has ended. */
  take(): { readonly spans: readonly SpanRecord[]; readonly dropped: number }
  /** Counts spans that were taken out and could not be sent. */
  lose(count: number): void
}

export interface OutboxOptions {
  /** Most spans that wait. @default 5000 */
  readonly capacity?: number
  /** Most spans that are taken out at once. @default 1000 */
  readonly batch?: number
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** Of texts in a batch: as JSON a character has six bytes at most, and the inspector takes 8 MiB. */
const batchBytes = 2 * 1024 * 1024

export function createOutbox({ capacity = 5000, batch = 1000, now }: OutboxOptions): Outbox {
  // In the order in which they last changed: the first is the oldest.
  const waiting = new Set<RecordedSpan>()
  let dropped = 0
  const changed = (span: RecordedSpan): void => {
    waiting.delete(span)
    if (waiting.size >= capacity) {
      for (const oldest of waiting) {
        waiting.delete(oldest)
        dropped++
        break
      }
    }
    waiting.add(span)
  }
  return {
    sink: {
      start: (given) => {
        const span = new RecordedSpan(given, now, changed)
        changed(span)
        return span
      },
    },
    get isEmpty() {
      return waiting.size === 0 && dropped === 0
    },
    take() {
      const spans: SpanRecord[] = []
      let bytes = 0
      for (const span of waiting) {
        const record = span.toRecord()
        bytes += bytesOf(record)
        if (spans.length > 0 && (spans.length >= batch || bytes > batchBytes)) break
        waiting.delete(span)
        spans.push(record)
      }
      const lost = dropped
      dropped = 0
      return { spans, dropped: lost }
    },
    lose: (count) => void (dropped += count),
  }
}

class RecordedSpan implements SinkSpan {
  readonly traceId: string
  readonly spanId: string
  readonly sampled: boolean
  readonly #root: RecordedSpan
  readonly #parentId: string | undefined
  readonly #kind: SpanStart['kind']
  readonly #attributes: Record<string, AttributeValue>
  readonly #start: number
  readonly #now: () => number
  readonly #changed: (span: RecordedSpan) => void
  #name: string
  #end: number | undefined
  #failure: string | undefined

  constructor(given: SpanStart, now: () => number, changed: (span: RecordedSpan) => void) {
    const { name, kind, attributes, parent, caller, startedAt } = given
    // What a sink is given as a parent, it has made.
    const around = parent as RecordedSpan | undefined
    this.traceId = around?.traceId ?? caller?.traceId ?? randomHex(16)
    this.spanId = randomHex(8)
    this.sampled = around?.sampled ?? caller?.sampled ?? true
    this.#root = around === undefined ? this : around.#root
    this.#parentId = around?.spanId
    this.#kind = kind
    // Cut before it waits, so that what waits is bounded in bytes, too.
    this.#attributes = keptAttributes(attributes)
    this.#name = cutText(name)
    this.#now = now
    this.#changed = changed
    this.#start = startedAt ?? now()
  }

  set(name: string, value: AttributeValue): void {
    this.#attributes[cutText(name)] = typeof value === 'string' ? cutText(value) : value
  }

  rename(name: string): void {
    this.#name = cutText(name)
  }

  fail(type: string): void {
    this.#failure = cutText(type)
  }

  end(): void {
    this.#end = this.#now()
    this.#changed(this)
  }

  toRecord(): SpanRecord {
    return {
      traceId: this.traceId,
      spanId: this.spanId,
      ...(this.#parentId !== undefined && { parentId: this.#parentId }),
      rootId: this.#root.spanId,
      name: this.#name,
      kind: this.#kind,
      start: this.#start,
      ...(this.#end !== undefined && { end: this.#end }),
      attributes: keptAttributes(this.#attributes),
      ...(this.#failure !== undefined && { failure: this.#failure }),
    }
  }
}

function randomHex(bytes: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  )
}
