/** The `traceparent` header, taken apart. */
export interface TraceParent {
  readonly traceId: string
  readonly parentId: string
  readonly sampled: boolean
}

const pattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/**
 * Parses a W3C `traceparent` header; undefined for what the recommendation calls invalid. Versions above 00 may carry
 * more fields, version ff and all-zero ids are invalid.
 *
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function parseTraceParent(header: string | undefined): TraceParent | undefined {
  const match = typeof header === 'string' ? pattern.exec(header) : null
  if (match === null) return undefined
  const [, version, traceId, parentId, flags, rest] = match
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined
  if (/^0+$/.test(traceId!) || /^0+$/.test(parentId!)) return undefined
  return { traceId: traceId!, parentId: parentId!, sampled: (parseInt(flags!, 16) & 1) === 1 }
}
