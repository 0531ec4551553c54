import { UsageError } from '../core/errors.ts'
import type { Tracer } from '../core/tracing/tracer.ts'
import { startSpan } from './live-span.ts'
import type { TraceSink } from './sink.ts'

export interface TracerOptions {
  /**
   * Most spans of one trace in this process: a request that does ten thousand things must not fill the memory. The root
   * says in `lexigram.spans.dropped` how many were left out.
   * @default 1000
   */
  readonly maxSpans?: number
}

/**
 * Makes a tracer of a sink, for `createApplication({ tracer })`: names and attributes by OpenTelemetry's conventions,
 * bounded, and safe from a sink that throws. The first failure of the sink goes to the application's `onError`, in the
 * phase `trace`; those after it are dropped.
 *
 * @throws UsageError `LEX_ERR_USE_001` for what is not a sink, and for a `maxSpans` below 1
 * @example
 * import { createTracer } from 'lexigram-edge/tracing'
 *
 * const tracer = createTracer({ start: ({ name }) => new MySpan(name) })
 */
export function createTracer(sink: TraceSink, { maxSpans = 1000 }: TracerOptions = {}): Tracer {
  if (typeof sink?.start !== 'function') {
    throw new UsageError('the sink of a tracer must be an object with the method start')
  }
  if (!(maxSpans >= 1)) throw new UsageError('maxSpans must be a number of at least 1')
  let receive: ((error: unknown) => void) | undefined
  let failed = false
  const report = (error: unknown): void => {
    if (failed) return
    failed = true
    receive?.(error)
  }
  return {
    start: (operation, caller) => startSpan({ sink, report, left: maxSpans, dropped: 0 }, operation, { caller }),
    reportTo: (given) => void (receive ??= given),
  }
}
