import { asSafeTracer } from '../core/tracing/guarded-tracer.ts'
import type { Tracer } from '../core/tracing/tracer.ts'
import { guardedFlush } from './guarded-flush.ts'
import { startSpan } from './recording-span.ts'
import type { Meter } from './metrics/meter.ts'
import type { ReportOf, TraceSink } from './sink.ts'

/**
 * A tracer of a sink, and of another place for metrics where there is one. The meter is made elsewhere, so that it is in
 * the bundle of what measures, and in no other.
 */
export function tracerOf(
  places: readonly TraceSink[],
  maxSpans: number,
  meterFor?: (report: ReportOf) => Meter | undefined,
): Tracer {
  let receive: ((error: unknown) => void) | undefined
  const told = new Set<TraceSink>()
  const reportOf: ReportOf = (place) => (error) => {
    if (told.has(place)) return
    told.add(place)
    receive?.(error)
  }
  // The caller passes at least one.
  const sink = places[0]!
  const report = reportOf(sink)
  const meter = meterFor?.(reportOf)
  const flush = guardedFlush(places, reportOf)
  return asSafeTracer({
    start: (operation, caller) => startSpan({ sink, meter, report, left: maxSpans, dropped: 0 }, operation, { caller }),
    measure: (measurement) => meter?.count(measurement),
    ...(flush !== undefined && { flush }),
    reportTo: (given) => void (receive ??= given),
  })
}
