import type { Measurement } from '../../core/tracing/measurement.ts'
import type { Operation } from '../../core/tracing/operation.ts'
import type { AttributeValue } from '../../core/tracing/tracer.ts'
import type { Description } from '../describe/describe.ts'
import type { MetricPoint } from '../sink.ts'
import { metrics } from './metrics.ts'
import { pointsOf } from './points.ts'
import { timed, type Timed } from './timed.ts'

/** OpenTelemetry's mark of what came after there were too many series. */
const overflow = { 'otel.metric.overflow': true }

/** A name that is made of data goes here. */
const unnamed = 'lexigram.metrics.overflow'

/** In characters. Longer texts are likely to be data. */
const longestValue = 255

export interface MeterOptions {
  /** Takes a value. Never throws. */
  readonly record: (point: MetricPoint) => void
  /** Most metrics, and most sets of attributes of each one. */
  readonly maxSeries: number
}

/** Hands values on, of a bounded number of metrics and series. */
export class Meter {
  readonly #options: MeterOptions
  readonly #series = new Map<string, Set<string>>()

  constructor(options: MeterOptions) {
    this.#options = options
  }

  count(measurement: Measurement): void {
    for (const point of pointsOf(measurement)) this.#put(point)
  }

  /** Begins to time what there is a metric for. */
  begin(operation: Operation, description: Description): Timed | undefined {
    return timed(operation, description)
  }

  /** Ends a timing. @param failure `error.type`, where it has failed */
  end({ metric, attributes, startedAt }: Timed, failure: string | undefined): void {
    const value = Math.max(0, performance.now() - startedAt) / 1000
    if (metric === metrics.wait && failure === poolTimeout) {
      this.#put({ metric: metrics.timeout, value: 1, attributes: { ...attributes } })
    }
    if (failure !== undefined) attributes['error.type'] = failure
    this.#put({ metric, value, attributes })
  }

  #put(point: MetricPoint): void {
    const { metric, value, attributes } = point
    if (!Number.isFinite(value) || (metric.kind === 'counter' && value < 0)) return
    const series = this.#seriesOf(metric.name)
    if (series === undefined) {
      this.#options.record({ metric: { name: unnamed, kind: 'counter', unit: '1' }, value: 1, attributes: {} })
    } else {
      this.#options.record(this.#isBounded(series, attributes) ? point : { metric, value, attributes: overflow })
    }
  }

  #seriesOf(name: string): Set<string> | undefined {
    let series = this.#series.get(name)
    if (series === undefined && this.#series.size < this.#options.maxSeries) {
      this.#series.set(name, (series = new Set()))
    }
    return series
  }

  #isBounded(series: Set<string>, attributes: MetricPoint['attributes']): boolean {
    if (!isShort(attributes)) return false
    const key = keyOf(attributes)
    if (!series.has(key)) {
      if (series.size >= this.#options.maxSeries) return false
      series.add(key)
    }
    return true
  }
}

/** The code of a `PoolTimeoutError`. */
const poolTimeout = 'LEX_ERR_SQL_004'

/** The same for the same attributes in the same order. A quarter of what JSON costs. */
function keyOf(attributes: Readonly<Record<string, AttributeValue>>): string {
  let key = ''
  for (const name of Object.keys(attributes)) {
    const value = attributes[name]
    key += `${name.length} ${name} ${typeof value} ${String(value).length} ${value} `
  }
  return key
}

function isShort(attributes: Readonly<Record<string, AttributeValue>>): boolean {
  for (const name of Object.keys(attributes)) {
    const value = attributes[name]
    if (typeof value === 'string' && value.length > longestValue) return false
  }
  return true
}
