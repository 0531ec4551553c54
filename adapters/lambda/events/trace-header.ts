import { parseTraceParent, type TraceParent } from '../../../src/runtime/index.ts'

/** How a sender may have passed its trace on with a record. */
export interface TraceHeaders {
  /** W3C: https://www.w3.org/TR/trace-context/ */
  readonly traceparent?: unknown
  /** X-Ray's, which SQS adds by itself where the sender is traced. */
  readonly AWSTraceHeader?: unknown
}

/** The trace that a record belongs to; undefined for malformed headers. What the sender itself has written goes first. */
export function traceOf({ traceparent, AWSTraceHeader: header }: TraceHeaders): TraceParent | undefined {
  const own = typeof traceparent === 'string' ? parseTraceParent(traceparent) : undefined
  return own ?? (typeof header === 'string' ? parseXRayHeader(header) : undefined)
}

/**
 * Both kinds of ids have the same sizes: X-Ray writes a trace's as version, 8 and 24 digits.
 *
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
function parseXRayHeader(header: string): TraceParent | undefined {
  const [, time, id] = /(?:^|;)\s*Root=1-([\da-f]{8})-([\da-f]{24})\s*(?:;|$)/.exec(header) ?? []
  const [, parent] = /(?:^|;)\s*Parent=([\da-f]{16})\s*(?:;|$)/.exec(header) ?? []
  const isSampled = /(?:^|;)\s*Sampled=1\s*(?:;|$)/.test(header)
  return parseTraceParent(`00-${time}${id}-${parent}-${isSampled ? '01' : '00'}`)
}
