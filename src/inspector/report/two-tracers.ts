import type { Span, Tracer } from '../../core/tracing/tracer.ts'

/** Tells two tracers of the same work. What is passed on to others, such as `traceparent`, is the first one's. */
export function twoTracers(first: Tracer, second: Tracer): Tracer {
  return {
    start: (operation, caller) => twoSpans(first.start(operation, caller), second.start(operation, caller)),
    measure(measurement) {
      first.measure(measurement)
      second.measure(measurement)
    },
    // The inspector's spans are sent by what has made this.
    ...(first.flush !== undefined && { flush: first.flush }),
    reportTo(report) {
      first.reportTo(report)
      second.reportTo(report)
    },
  }
}

function twoSpans(first: Span, second: Span): Span {
  return {
    traceId: first.traceId,
    spanId: first.spanId,
    get traceParent() {
      return first.traceParent
    },
    start: (operation) => twoSpans(first.start(operation), second.start(operation)),
    set(name, value) {
      first.set(name, value)
      second.set(name, value)
    },
    measure(measurement) {
      first.measure(measurement)
      second.measure(measurement)
    },
    rename(name) {
      first.rename(name)
      second.rename(name)
    },
    fail(error) {
      // The first one last: the id by which its trace is looked up is the one that counts.
      second.fail(error)
      first.fail(error)
    },
    end() {
      first.end()
      second.end()
    },
    run: (work) => first.run(() => second.run(work)),
  }
}
