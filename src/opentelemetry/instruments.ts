import {
  metrics,
  type Attributes,
  type Counter,
  type Histogram,
  type Meter,
  type UpDownCounter,
} from '@opentelemetry/api'
import type { Metric, MetricPoint } from '../tracing/sink.ts'

/** Keeps the instruments of a meter, which make one each time that they are asked for. */
export function instruments(given: Meter | undefined): (point: MetricPoint) => void {
  let provider: unknown
  let put = new Map<string, (value: number, attributes: Attributes) => void>()
  return ({ metric, value, attributes }) => {
    // The SDK may be registered after this was made; what came before it was recorded nowhere.
    const current = given ?? metrics.getMeterProvider()
    if (current !== provider) {
      provider = current
      put = new Map()
    }
    let record = put.get(metric.name)
    if (record === undefined) {
      record = recorderOf(given ?? metrics.getMeter('lexigram-edge'), metric)
      put.set(metric.name, record)
    }
    record(value, attributes)
  }
}

function recorderOf(meter: Meter, { name, kind, unit, description = '', buckets }: Metric) {
  if (kind === 'counter') {
    const counter: Counter = meter.createCounter(name, { unit, description })
    return (value: number, attributes: Attributes) => counter.add(value, attributes)
  }
  if (kind === 'upDownCounter') {
    const level: UpDownCounter = meter.createUpDownCounter(name, { unit, description })
    return (value: number, attributes: Attributes) => level.add(value, attributes)
  }
  const advice = buckets === undefined ? {} : { explicitBucketBoundaries: [...buckets] }
  const histogram: Histogram = meter.createHistogram(name, { unit, description, advice })
  return (value: number, attributes: Attributes) => histogram.record(value, attributes)
}
