import { assertFunction } from '../plain-object.ts'
import { assertSpan } from './assert-span.ts'
import type { Operation } from './operation.ts'
import type { Span } from './tracer.ts'

/**
 * Ends a span with the outcome of its work, and settles like the work.
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
 * Runs work as a child of a span, and settles like the work. Without a span the work just runs.
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
  assertFunction(work, 'the work of a span')
  if (parent !== undefined) assertSpan(parent, 'the span')
  const span = parent?.start(operation)
  if (span === undefined) return work(undefined)
  return endWith(
    span,
    span.run(async () => work(span)),
  )
}
