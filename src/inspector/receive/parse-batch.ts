import type { AttributeValue } from '../../core/tracing/tracer.ts'
import type { Batch, SpanRecord } from '../wire.ts'
import { parseApplication } from './parse-application.ts'
import { cut, isRecord, isTime } from './parsed.ts'

const mostAttributes = 64
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
  return typeof id === 'string' && typeof name === 'string' ? { id: cut(id), name: cut(name) } : undefined
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
    name: cut(name),
    kind: kind === 'server' || kind === 'client' || kind === 'producer' || kind === 'consumer' ? kind : 'internal',
    start,
    ...(isTime(end) && { end: Math.max(start, end) }),
    attributes: isRecord(attributes) ? attributesOf(attributes) : {},
    ...(typeof failure === 'string' && { failure: cut(failure) }),
  }
}

function attributesOf(given: Readonly<Record<string, unknown>>): Record<string, AttributeValue> {
  const kept = Object.entries(given).flatMap(([key, value]): [string, AttributeValue][] => {
    if (typeof value === 'string') return [[cut(key), cut(value)]]
    return typeof value === 'number' || typeof value === 'boolean' ? [[cut(key), value]] : []
  })
  return Object.fromEntries(kept.slice(0, mostAttributes))
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{1,64}$/.test(value)
}
