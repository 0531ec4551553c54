import type { LambdaInvocation } from '../invocation.ts'
import type { EventHandlers } from './handlers.ts'

/** An object whose members are not known yet. */
export type Members = Readonly<Record<string, unknown>>

/** An option that not every source of batches has. */
export type OwnOption = 'partialFailures' | 'body' | 'onRetryDelay'

/** One kind of event that triggers functions: how it is recognised, and how its handler is called. */
export interface EventSource<Event = never, Handler = never> {
  readonly name: keyof EventHandlers
  /** What may come with its handler: nothing, options, or options whose window replaces it. */
  readonly options: 'none' | 'batch' | 'stream'
  /** Options that only some sources have. @default none */
  readonly more?: readonly OwnOption[]
  /** Tells by members that the source always sends. */
  matches(event: Members): boolean
  /** Resolves with the function's answer. Rejects when Lambda has to deliver all of the event again. */
  handle(event: Event, handler: Handler, lambda: LambdaInvocation): Promise<unknown>
}

export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null
}
