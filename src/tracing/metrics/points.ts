import type { Measurement } from '../../core/tracing/measurement.ts'
import type { AttributeValue } from '../../core/tracing/tracer.ts'
import type { MetricPoint } from '../sink.ts'
import { poolOf, systemOf } from '../describe/system.ts'
import { metrics } from './metrics.ts'

/** The values of what is counted. */
export function pointsOf(measurement: Measurement): readonly MetricPoint[] {
  if (!('is' in measurement)) {
    const { name, kind = 'counter', unit = '1', value, attributes = {} } = measurement
    return [
      {
        metric: { name, kind, unit },
        value,
        attributes: Object.fromEntries(Object.entries(attributes).filter(isPlain)),
      },
    ]
  }
  switch (measurement.is) {
    case 'retry': {
      const { of, system } = measurement
      return [
        {
          metric: metrics.retry,
          value: 1,
          attributes: { 'db.system.name': systemOf(system), 'lexigram.retry.of': of },
        },
      ]
    }
    case 'connection':
      return [{ metric: metrics.wait, value: 0, attributes: poolOf(measurement.system, measurement.pool) }]
    case 'connections': {
      const { system, pool, state, change } = measurement
      const attributes = { ...poolOf(system, pool), 'db.client.connection.state': state }
      return [{ metric: metrics.connections, value: change, attributes }]
    }
    case 'batch': {
      const { source, done, handedBack } = measurement
      const outcomes = { done, handed_back: handedBack }
      return Object.entries(outcomes)
        .filter(([, value]) => value > 0)
        .map(([outcome, value]) => {
          const attributes = { 'lexigram.batch.source': source, 'lexigram.batch.outcome': outcome }
          return { metric: metrics.batch, value, attributes }
        })
    }
    case 'leak':
      return [{ metric: metrics.leak, value: 1, attributes: {} }]
  }
}

/** What is an object may hold a secret. */
function isPlain(entry: [string, unknown]): entry is [string, AttributeValue] {
  return ['string', 'number', 'boolean'].includes(typeof entry[1])
}
