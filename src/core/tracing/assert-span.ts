import { UsageError } from '../errors.ts'

/** Refuses what is not a span, where it is passed rather than where it would be used. @throws UsageError */
export function assertSpan(value: unknown, what: string): void {
  if (typeof (value as { readonly start?: unknown } | null | undefined)?.start === 'function') return
  throw new UsageError(`${what} must be a span`, { hint: 'Pass the span of a RequestContext.' })
}
