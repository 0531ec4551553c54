import { assertOptions, must, type OptionCheck } from '../../../src/core/assert-options.ts'
import { UsageError } from '../../../src/core/errors.ts'
import type { MetricPoint, MetricSink } from '../../../src/tracing/sink.ts'
import { Series } from './series.ts'

/** Options of `embeddedMetrics`. */
export interface EmbeddedMetricsOptions {
  /** Of the metrics in CloudWatch: letters, digits and `.-_/#:`, not beginning with `AWS/`. */
  readonly namespace: string
  /**
   * Attributes that become dimensions, beside those of this package's own metrics. CloudWatch bills each
   * combination of their values as a separate metric: choose attributes with few values.
   * @default []
   */
  readonly dimensions?: readonly string[]
  /** Writes one line, without its end. @default to the standard output, past what Lambda puts around `console.log` */
  readonly write?: (line: string) => void
}

const optionChecks = {
  namespace: must.beText,
  dimensions: must.beArray,
  write: must.beFunction,
} satisfies Readonly<Record<keyof EmbeddedMetricsOptions, OptionCheck>>

/** Few values each. Not the collection nor the summary of a statement, of which there is one for each query. */
const ownDimensions = [
  'db.system.name',
  'db.operation.name',
  'db.client.connection.state',
  'error.type',
  'lexigram.retry.of',
  'lexigram.batch.source',
  'lexigram.batch.outcome',
  'otel.metric.overflow',
]

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
const mostDimensions = 30

/**
 * Where metrics go on Lambda without a collector: lines in CloudWatch's Embedded Metric Format, one for each set of
 * dimensions and invocation, written before the answer is given.
 *
 * @throws UsageError `LEX_ERR_USE_001` for a namespace or dimensions that CloudWatch does not take
 * @example
 * import { embeddedMetrics } from 'lexigram-edge/lambda/metrics'
 * import { createTracer } from 'lexigram-edge/tracing'
 *
 * export const app = createApplication({ name: 'shop', tracer: createTracer(embeddedMetrics({ namespace: 'shop' })) })
 */
export function embeddedMetrics(options: EmbeddedMetricsOptions): MetricSink {
  const {
    namespace,
    dimensions: more = [],
    write = writeLine,
  } = assertOptions(options, optionChecks, 'the options of embeddedMetrics')
  assertNamespace(namespace)
  const dimensions = [...new Set([...ownDimensions, ...dimensionsOf(more)])]
  const all = new Map<string, Series>()
  // What levels are now, which outlasts the lines.
  const levels = new Map<string, number>()
  const levelOf = (key: string, { metric, value }: MetricPoint): number => {
    const name = `${metric.name} ${key}`
    const level = (levels.get(name) ?? 0) + value
    levels.set(name, level)
    return level
  }
  const send = (key: string, series: Series): void => {
    all.delete(key)
    write(series.toLine(namespace, Date.now()))
  }
  return {
    record(point) {
      const own = dimensions.filter((name) => point.attributes[name] !== undefined)
      const values = Object.fromEntries(own.map((name) => [name, dimensionValue(point.attributes[name])]))
      const key = JSON.stringify(values)
      let series = all.get(key)
      if (series === undefined) all.set(key, (series = new Series(values)))
      const { metric } = point
      const value = metric.kind === 'upDownCounter' ? levelOf(key, point) : point.value
      if (series.add({ metric, value })) send(key, series)
    },
    flush() {
      for (const [key, series] of [...all]) send(key, series)
    },
  }
}

function assertNamespace(namespace: unknown): void {
  if (typeof namespace === 'string' && /^(?!AWS\/)[\w.\-/#:]{1,255}$/.test(namespace)) return
  throw new UsageError('namespace must consist of letters, digits and .-_/#:, and not begin with AWS/', {
    hint: "embeddedMetrics({ namespace: 'shop' })",
  })
}

function dimensionsOf(given: readonly string[]): readonly string[] {
  const isName = (name: unknown): boolean =>
    typeof name === 'string' && /^[!-9;-~][!-~]{0,254}$/.test(name) && name !== '_aws'
  if (!Array.isArray(given) || !given.every(isName)) {
    throw new UsageError('dimensions must be an array of the names of attributes, without spaces')
  }
  if (ownDimensions.length + given.length <= mostDimensions) return given
  throw new UsageError(`dimensions must be at most ${mostDimensions - ownDimensions.length}: CloudWatch takes no more`)
}

/** Printable ASCII, and not empty: CloudWatch drops a metric with another one. */
function dimensionValue(value: unknown): string {
  return (
    String(value)
      .replaceAll(/[^ -~]/g, '?')
      .trim() || '-'
  )
}

/** At once: a pipe is written to synchronously, so that nothing is left when the process is frozen. */
function writeLine(line: string): void {
  process.stdout.write(`${line}\n`)
}
