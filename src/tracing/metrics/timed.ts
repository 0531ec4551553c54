import type { AttributeValue } from '../../core/tracing/tracer.ts'
import type { Operation } from '../../core/tracing/operation.ts'
import type { Description } from '../describe/describe.ts'
import type { Metric } from '../sink.ts'
import { metrics } from './metrics.ts'

/** What of a span's attributes a metric has: few values each. */
const kept: readonly string[] = [
  'db.system.name',
  'db.operation.name',
  'db.collection.name',
  'db.client.connection.pool.name',
]

/** What is measured of a span when it ends. */
export interface Timed {
  readonly metric: Metric
  readonly attributes: Record<string, AttributeValue>
  /** In milliseconds, of the process's clock. */
  readonly startedAt: number
}

/** Begins to time what there is a metric for; undefined for the rest. */
export function timed(operation: Operation, { kind, attributes }: Description): Timed | undefined {
  const metric = metricOf(operation, kind)
  if (metric === undefined) return undefined
  const own: Record<string, AttributeValue> = {}
  for (const name of kept) {
    const value = attributes[name]
    if (value !== undefined) own[name] = value
  }
  // That of an operation on documents repeats what the others say.
  const summary = 'is' in operation && operation.is === 'sql' ? attributes['db.query.summary'] : undefined
  if (summary !== undefined) own['db.query.summary'] = summary
  return { metric, attributes: own, startedAt: performance.now() }
}

/** A transaction over documents is measured by its operations. */
function metricOf(operation: Operation, kind: Description['kind']): Metric | undefined {
  if (!('is' in operation)) return undefined
  if (operation.is === 'wait') return metrics.wait
  const isOperation = operation.is === 'sql' || operation.is === 'document'
  return isOperation && kind === 'client' ? metrics.operation : undefined
}
