import { assertOptions, must, type OptionCheck } from '../core/assert-options.ts'
import { UsageError } from '../core/errors.ts'
import type { Tracer } from '../core/tracing/tracer.ts'
import { Meter } from './metrics/meter.ts'
import type { MetricSink, ReportOf, TraceSink } from './sink.ts'
import { tracerOf } from './tracer-of.ts'

/** Options of `createTracer`. */
export interface TracerOptions {
  /**
   * Most spans of one trace in this process: a request that does ten thousand things must not fill the memory. The root
   * says in `lexigram.spans.dropped` how many were left out. Metrics count what they did, too.
   * @default 1000
   */
  readonly maxSpans?: number
  /** Where metrics go, beside the sink. @default where the sink itself has them go */
  readonly metrics?: MetricSink
  /**
   * Most sets of attributes of one metric: each is a separate series, which costs memory here and money elsewhere. What
   * comes after them is counted with the attribute `otel.metric.overflow` alone.
   * @default 500
   */
  readonly maxSeries?: number
}

/** What the options of every tracer must be. */
export const tracerChecks = {
  maxSpans: must.beNumberFrom(1),
  maxSeries: must.beNumberFrom(1),
  metrics: must.beAnything,
} satisfies Readonly<Record<keyof TracerOptions, OptionCheck>>

/**
 * Makes a tracer of a sink, for `createApplication({ tracer })`: names, units and attributes by OpenTelemetry's
 * conventions, bounded, and safe from a sink that throws or hangs. The first failure of the sink goes to the
 * application's `onError`, in the phase `trace`, and so does the first of `metrics`; those after it are dropped.
 *
 * @throws UsageError `LEX_ERR_USE_001` for what is not a sink, and for a `maxSpans` or `maxSeries` below 1
 * @example
 * import { createTracer } from 'lexigram-edge/tracing'
 *
 * const tracer = createTracer({ start: ({ name }) => new MySpan(name) })
 */
export function createTracer(sink: TraceSink, options: TracerOptions = {}): Tracer {
  const { maxSpans = 1000, maxSeries = 500, metrics } = assertOptions(options, tracerChecks, 'the options of a tracer')
  if (typeof sink?.start !== 'function' && typeof sink?.record !== 'function') {
    throw new UsageError('the sink of a tracer must be an object with the method start or record')
  }
  if (metrics !== undefined && typeof metrics?.record !== 'function') {
    throw new UsageError('metrics must be an object with the method record')
  }
  const places = metrics === undefined || metrics === sink ? [sink] : [sink, metrics]
  return tracerOf(places, maxSpans, (report) => {
    const measured = places.filter((place): place is MetricSink => typeof place.record === 'function')
    return measured.length === 0 ? undefined : new Meter({ record: recordTo(measured, report), maxSeries })
  })
}

/** Hands a value to each place; when one fails, the others still get it. */
function recordTo(places: readonly MetricSink[], report: ReportOf): MetricSink['record'] {
  return (point) => {
    for (const place of places) {
      try {
        place.record(point)
      } catch (error) {
        report(place)(error)
      }
    }
  }
}
