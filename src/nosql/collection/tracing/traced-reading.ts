import type { Span } from '../../../core/tracing/tracer.ts'
import type { CollectionScope } from '../collection-scope.ts'
import { SpanSession } from '../../store/span-session.ts'

export interface Reading {
  /** What the reading runs on. */
  readonly scope: CollectionScope
  /** Opens the pages as one span, from the first that is asked for to the last. */
  readonly traced: <T>(pages: () => AsyncIterable<T>) => () => AsyncIterable<T>
}

/** How a cursor is traced under a span. */
export function tracedReading(scope: CollectionScope, operation: string, parent: Span): Reading {
  const { session, name } = scope
  const { backend } = session.store
  let current = parent
  // The reading is checked before it begins; the span starts after that.
  const told: Span = {
    traceId: parent.traceId,
    spanId: parent.spanId,
    traceParent: parent.traceParent,
    start: (part) => current.start(part),
    set: (attribute, value) => current.set(attribute, value),
    measure: (measurement) => current.measure(measurement),
    rename: (better) => current.rename(better),
    fail: (error) => current.fail(error),
    end: () => current.end(),
    run: (work) => current.run(work),
  }
  return {
    scope: { ...scope, session: new SpanSession(session, told) },
    traced: (pages) => () => {
      current = parent.start({ is: 'document', driver: backend.name, operation, collection: name })
      return pagesInSpan(current, pages)
    },
  }
}

async function* pagesInSpan<T>(span: Span, pages: () => AsyncIterable<T>): AsyncGenerator<T, void> {
  const iterator = span.run(() => pages()[Symbol.asyncIterator]())
  let ended = false
  try {
    for (;;) {
      const step = await span.run(() => iterator.next())
      if (step.done === true) {
        ended = true
        return
      }
      yield step.value
    }
  } catch (error) {
    ended = true
    span.fail(error)
    throw error
  } finally {
    try {
      if (!ended) await iterator.return?.()
    } finally {
      span.end()
    }
  }
}
