import { endWith } from '../../../core/tracing/traced.ts'
import type { Span } from '../../../core/tracing/tracer.ts'

const system = 'postgresql'

/** Tells that a connection was there without a wait. */
export function noteFree(span: Span, pool: string | undefined): void {
  span.measure({ is: 'connection', system, pool })
}

/** Waits for a connection as a part of the call that needs it. */
export function waitInSpan<T>(span: Span, pool: string | undefined, wait: () => Promise<T>): Promise<T> {
  const waiting = span.start({ is: 'wait', system, pool })
  return endWith(waiting, waiting.run(wait))
}
