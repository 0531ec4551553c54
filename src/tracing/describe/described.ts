import type { Attributes, SpanKind } from '../../core/tracing/tracer.ts'

/** What a description may leave open. */
export interface Described {
  readonly name: string
  readonly kind?: SpanKind
  readonly attributes?: Attributes
  /** In milliseconds since 1970. @default now */
  readonly startedAt?: number
}
