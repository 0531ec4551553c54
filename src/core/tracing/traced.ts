import type { Operation } from './operation.ts'
import type { Span } from './tracer.ts'

/**
 * Ends a span with what its work comes to, and settles like it.
 *
 * @param describe sets what is known only then
 */
export async function endWith<T>(span: Span, work: PromiseLike<T>, describe?: (value: T) => void): Promise<T> {
  try {
    const value = await work
    describe?.(value)
    return value
  } catch (error) {
    span.fail(error)
    throw error
  } finally {
    span.end()
  }
}

/**
 * Runs work as a part of a span, and settles like it. Without a span it only runs.
 *
 * @example
 * import { traced } from 'lexigram-edge/tracing'
 *
 * const price = await traced(context.span, { name: 'price order' }, (span) => price(order))
 */
export async function traced<T>(
  parent: Span | undefined,
  operation: Operation,
  work: (span: Span | undefined) => T | Promise<T>,
): Promise<T> {
  const span = parent?.start(operation)
  if (span === undefined) return work(undefined)
  return endWith(
    span,
    span.run(async () => work(span)),
  )
}
