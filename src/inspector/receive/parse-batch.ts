import { cutText } from '../cut-text.ts'
import { keptAttributes } from '../kept-attributes.ts'
import type { Batch, SpanRecord } from '../wire.ts'
import { parseApplication } from './parse-application.ts'
import { isRecord, isTime } from './parsed.ts'

const mostSpans = 5000

/** What an application has sent, cut to what is kept; undefined for anything else. Every local program can send. */
export function parseBatch(body: unknown): Batch | undefined {
  if (!isRecord(body) || !isRecord(body['application']) || !Array.isArray(body['spans'])) return undefined
  const application = applicationOf(body['application'])
  if (application === undefined) return undefined
  const spans = body['spans'].slice(0, mostSpans).flatMap((span) => spanOf(span) ?? [])
  const dropped = typeof body['dropped'] === 'number' && body['dropped'] > 0 ? Math.floor(body['dropped']) : 0
  return { application, spans, dropped: dropped + body['spans'].length - spans.length }
}

function applicationOf(given: Readonly<Record<string, unknown>>): Batch['application'] | undefined {
  const { id, name, graph } = given
  if (graph !== undefined) return parseApplication(given)
  return typeof id === 'string' && typeof name === 'string' ? { id: cutText(id), name: cutText(name) } : undefined
}

function spanOf(given: unknown): SpanRecord | undefined {
  if (!isRecord(given)) return undefined
  const { traceId, spanId, parentId, rootId, name, kind, start, end, attributes, failure } = given
  if (!isId(traceId) || !isId(spanId) || !isId(rootId) || typeof name !== 'string' || !isTime(start)) {
    return undefined
  }
  return {
    traceId,
    spanId,
    rootId,
    ...(isId(parentId) && { parentId }),
    name: cutText(name),
    kind: kind === 'server' || kind === 'client' || kind === 'producer' || kind === 'consumer' ? kind : 'internal',
    start,
    ...(isTime(end) && { end: Math.max(start, end) }),
    attributes: isRecord(attributes) ? keptAttributes(attributes) : {},
    ...(typeof failure === 'string' && { failure: cutText(failure) }),
  }
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{1,64}$/.test(value)
}
