import type { Metric, MetricPoint } from '../../../src/tracing/sink.ts'

/** What one line may hold, by the format: values of a metric, and metrics. */
const most = 100

interface Values {
  readonly metric: Metric
  /** One for a counter, whose values are added up; the highest and the last for a level. */
  readonly values: number[]
}

/** What was measured with the same dimensions, until it is written. */
export class Series {
  readonly #dimensions: Readonly<Record<string, string>>
  readonly #metrics = new Map<string, Values>()

  constructor(dimensions: Readonly<Record<string, string>>) {
    this.#dimensions = dimensions
  }

  /** Whether the line is full. @param value for a level that rises and falls, what it is now */
  add({ metric, value }: Pick<MetricPoint, 'metric' | 'value'>): boolean {
    let known = this.#metrics.get(metric.name)
    if (known === undefined) this.#metrics.set(metric.name, (known = { metric, values: [] }))
    const { values } = known
    if (metric.kind === 'counter') values[0] = (values[0] ?? 0) + value
    else if (metric.kind === 'upDownCounter') values.splice(0, 2, ...highestAndLast(values[0], value))
    else values.push(value)
    return values.length >= most || this.#metrics.size >= most
  }

  /** @param now in milliseconds since 1970 */
  toLine(namespace: string, now: number): string {
    const metrics = [...this.#metrics.values()]
    const directive = {
      Namespace: namespace,
      Dimensions: [Object.keys(this.#dimensions)],
      Metrics: metrics.map(({ metric }) => ({ Name: metric.name, Unit: unitOf(metric) })),
    }
    return JSON.stringify({
      _aws: { Timestamp: now, CloudWatchMetrics: [directive] },
      ...this.#dimensions,
      ...Object.fromEntries(metrics.map(({ metric, values }) => [metric.name, valueOf(values)])),
    })
  }
}

function highestAndLast(highest: number | undefined, last: number): readonly number[] {
  return highest === undefined || highest <= last ? [last] : [highest, last]
}

function valueOf(values: readonly number[]): number | readonly number[] | undefined {
  return values.length === 1 ? values[0] : values
}

/** The names of CloudWatch. */
const units: Readonly<Record<string, string>> = {
  s: 'Seconds',
  ms: 'Milliseconds',
  us: 'Microseconds',
  By: 'Bytes',
  '%': 'Percent',
}

function unitOf({ unit, kind }: Metric): string {
  return units[unit] ?? (unit.startsWith('{') || kind !== 'histogram' ? 'Count' : 'None')
}
