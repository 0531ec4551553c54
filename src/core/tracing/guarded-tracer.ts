import { isThenable, within } from '../time-limit.ts'
import { runOnce } from './run-once.ts'
import type { Span, Tracer } from './tracer.ts'

/** How long a flush is waited for, in milliseconds. */
const flushLimit = 2_000

/** Those that keep the promises of `Tracer` by themselves. */
const safeTracers = new WeakSet<Tracer>()

/** Says of a tracer that it neither throws nor hangs, so that nothing has to be put around it. */
export function asSafeTracer(tracer: Tracer): Tracer {
  safeTracers.add(tracer)
  return tracer
}

/** Calls something of the given tracer. Undefined when that fails, which is reported once. */
interface Guard {
  <T>(call: () => T): T | undefined
  readonly report: (error: unknown) => void
}

/** Keeps the promises of `Tracer` for one that was written by hand: its first failure is reported, and harms nothing. */
export function guardedTracer(tracer: Tracer): Tracer {
  if (safeTracers.has(tracer)) return tracer
  let receive: ((error: unknown) => void) | undefined
  const report = (error: unknown): void => {
    receive?.(error)
    receive = () => {}
  }
  const guard = guardWith(report)
  const flush = async (): Promise<void> => {
    try {
      await within(tracer.flush?.(), flushLimit, 'the flush of the tracer')
    } catch (error) {
      report(error)
    }
  }
  return asSafeTracer({
    start: (operation, caller) =>
      guardedSpan(
        guard(() => tracer.start(operation, caller)),
        guard,
      ),
    measure: (measurement) => guard(() => tracer.measure(measurement)),
    ...(tracer.flush !== undefined && { flush }),
    reportTo(given) {
      receive ??= given
      guard(() => tracer.reportTo(given))
    },
  })
}

function guardWith(report: (error: unknown) => void): Guard {
  const guard = <T>(call: () => T): T | undefined => {
    try {
      const value = call()
      if (!isThenable(value)) return value
      // A method that is async: nothing waits for it.
      value.then(undefined, report)
    } catch (error) {
      report(error)
    }
    return undefined
  }
  return Object.assign(guard, { report })
}

/** @param span Undefined for one that could not begin: then the work goes on without it. */
function guardedSpan(span: Span | undefined, guard: Guard): Span {
  const textOf = (text: unknown): string => (typeof text === 'string' ? text : '')
  return {
    traceId: textOf(guard(() => span?.traceId)),
    spanId: textOf(guard(() => span?.spanId)),
    get traceParent() {
      return textOf(guard(() => span?.traceParent)) || undefined
    },
    start: (operation) =>
      guardedSpan(
        guard(() => span?.start(operation)),
        guard,
      ),
    set: (name, value) => guard(() => span?.set(name, value)),
    measure: (measurement) => guard(() => span?.measure(measurement)),
    rename: (name) => guard(() => span?.rename(name)),
    fail: (error) => guard(() => span?.fail(error)),
    end: () => guard(() => span?.end()),
    run: (work) => (span === undefined ? work() : runOnce((once) => span.run(once), work, guard.report)),
  }
}
