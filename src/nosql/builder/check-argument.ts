import { UsageError } from '../../core/errors.ts'
import { isReadablePlainObject, kindOf } from '../../core/plain-object.ts'

/** Refusals of what a builder is given, for callers whom the compiler did not check. @throws UsageError, all of them */
export function checkText(value: unknown, what: string): string {
  if (typeof value === 'string') return value
  throw new UsageError(`${what} must be text, not ${kindOf(value)}`)
}

/** A whole number. */
export function checkCount(value: unknown, what: string, least: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value
  throw new UsageError(`${what} must be a whole number of at least ${least}`)
}

/** What an expression may be; what stands inside of one is checked when the pipeline runs. */
export function checkExpression(value: unknown, what: string): unknown {
  const isData = value === null || ['string', 'number', 'boolean', 'bigint'].includes(typeof value)
  if (isData || Array.isArray(value) || isReadablePlainObject(value)) return value
  const kind = kindOf(value)
  if (kind === 'a Date' || kind === 'a Uint8Array') return value
  throw new UsageError(`${what} must be an expression, not ${kind}`, {
    hint: "Use a value, a field as '$price', or an object of one operator.",
  })
}
