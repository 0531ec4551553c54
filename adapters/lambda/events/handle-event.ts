import type { LambdaInvocation } from '../invocation.ts'
import type { EventSource, Members } from './event-source.ts'
import type { EventHandlers } from './handlers.ts'
import { sources } from './sources.ts'
import { other } from './sources/other.ts'
import { unknownEvent } from './unknown-event.ts'

/**
 * Handles an event that is not an HTTP request. Rejects when Lambda has to deliver all of it again; a failed boot does
 * that too, before any record is touched.
 */
export async function handleEvent(event: unknown, on: EventHandlers, lambda: LambdaInvocation): Promise<unknown> {
  try {
    await lambda.boot()
    if (isEmptyBatch(event) && on.other === undefined && Object.keys(on).length > 0) return { batchItemFailures: [] }
    const source = lambda.reporting(() => sourceOf(event, on))
    // What matches an event, and is named like its handler, takes both.
    return await source.handle(event as never, on[source.name] as never, lambda)
  } finally {
    await lambda.settle()
  }
}

/** The first source that has a handler and matches the event. @throws UsageError `LEX_ERR_USE_001` when there is none */
function sourceOf(event: unknown, on: EventHandlers): EventSource {
  const members: Members = Object(event)
  const handled = sources.find((source) => on[source.name] !== undefined && source.matches(members))
  if (handled !== undefined) return handled
  if (on.other !== undefined) return other
  throw unknownEvent(event, sources.find((source) => source.matches(members))?.name)
}

/** A batch of nothing leaves nothing to handle, and does not show its source; but the end of a window arrives as one. */
function isEmptyBatch(event: unknown): boolean {
  const { Records: records, window }: Members = Object(event)
  return Array.isArray(records) && records.length === 0 && window === undefined
}
