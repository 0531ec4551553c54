import type { BackendOperation, DocumentOperation, Operation } from '../../core/tracing/operation.ts'
import type { AttributeValue, SpanKind } from '../../core/tracing/tracer.ts'
import type { Described } from './described.ts'
import { describeRequest } from './request.ts'
import { describeSql } from './sql.ts'
import { poolOf, systemOf } from './system.ts'
import { describeTrigger } from './trigger.ts'

export interface Description {
  readonly name: string
  readonly kind: SpanKind
  readonly attributes: Readonly<Record<string, AttributeValue>>
  readonly startedAt?: number | undefined
}

/**
 * Names and attributes of an operation, by OpenTelemetry's stable conventions where there is one.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/
 */
export function describe(operation: Operation): Description {
  const { name, kind = 'internal', attributes = {}, startedAt } = described(operation)
  const present: Record<string, AttributeValue> = {}
  for (const key of Object.keys(attributes)) {
    const value = attributes[key]
    if (value !== undefined) present[key] = value
  }
  return { name, kind, attributes: present, startedAt }
}

function described(operation: Operation): Described {
  if (!('is' in operation)) return operation
  switch (operation.is) {
    case 'request':
      return describeRequest(operation.request)
    case 'trigger':
      return describeTrigger(operation)
    case 'sql':
      return describeSql(operation)
    case 'document':
      return describeDocument(operation)
    case 'backend':
      return describeBackend(operation)
    case 'wait':
      return { name: 'wait for a connection', attributes: poolOf(operation.system, operation.pool) }
    case 'boot':
      return { name: 'boot', attributes: { 'lexigram.application': operation.application } }
    case 'provider': {
      const { phase, provider } = operation
      return { name: `${phase} ${provider}`, attributes: { 'lexigram.provider': provider } }
    }
    case 'dispose':
      return { name: 'end of scope' }
    case 'background':
      return { name: 'waitUntil' }
    case 'disposer':
      return {
        name: `dispose ${operation.token}`,
        attributes: { 'lexigram.token': operation.token, 'lexigram.duration_ms': operation.durationMs },
        startedAt: operation.startedAt,
      }
    case 'session':
      return {
        name: 'session',
        attributes: { 'db.system.name': 'postgresql', 'lexigram.database': operation.database },
      }
    case 'transaction':
      return { name: 'transaction', attributes: { 'db.system.name': 'postgresql' } }
  }
}

function describeDocument({ driver, operation, collection, size }: DocumentOperation): Described {
  const summary = collection === undefined ? operation : `${operation} ${collection}`
  return {
    name: summary,
    kind: collection === undefined ? 'internal' : 'client',
    attributes: {
      'db.system.name': systemOf(driver),
      'db.operation.name': operation,
      'db.collection.name': collection,
      'db.query.summary': summary,
      'db.operation.batch.size': size === undefined || size < 2 ? undefined : size,
    },
  }
}

/** One of the requests that an operation is made of, which is what the conventions' metrics are about. */
function describeBackend({ driver, request, attempt, collection }: BackendOperation): Described {
  return {
    name: collection === undefined ? request : `${request} ${collection}`,
    kind: 'client',
    attributes: {
      'db.system.name': systemOf(driver),
      'db.operation.name': request,
      'db.collection.name': collection,
      'http.request.resend_count': attempt > 1 ? attempt - 1 : undefined,
    },
  }
}
