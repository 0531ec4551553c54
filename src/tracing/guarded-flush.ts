import { within } from '../core/time-limit.ts'
import type { ReportOf, TraceSink } from './sink.ts'

/** How long a flush is waited for, in milliseconds. */
const limit = 2_000

/** How long a sink that did not end its flush is left alone, so that not each invocation waits for it; in milliseconds. */
const pause = 30_000

/** Flushes sinks side by side, bounded and without a failure; undefined where none holds anything back. */
export function guardedFlush(sinks: readonly TraceSink[], reportOf: ReportOf): (() => Promise<void>) | undefined {
  const flushes = sinks.flatMap((sink) => (sink.flush === undefined ? [] : [flushOf(sink, reportOf(sink))]))
  if (flushes.length === 0) return undefined
  return async () => void (await Promise.all(flushes.map((flush) => flush())))
}

function flushOf(sink: TraceSink, report: (error: unknown) => void): () => Promise<void> {
  let triesAt = -Infinity
  return async () => {
    if (performance.now() < triesAt) return
    let ended = false
    const flush = async (): Promise<void> => {
      try {
        await sink.flush?.()
      } finally {
        ended = true
      }
    }
    try {
      await within(flush(), limit, 'the flush of a sink')
    } catch (error) {
      if (!ended) triesAt = performance.now() + pause
      report(error)
    }
  }
}
