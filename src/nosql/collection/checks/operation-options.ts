import { NoSQLFilterError, UnsupportedOperationError } from '../../errors.ts'
import type { Budget, ScanPolicy } from '../../contract/explanation.ts'
import { unknownOption } from '../../../core/assert-options.ts'
import { assertPlainObject, isReadablePlainObject, kindOf } from '../../../core/plain-object.ts'
import type { Document } from '../../query/value.ts'
import type { CheckedProjection, Projection } from '../types/projection.ts'
import type { Sort } from '../types/sort.ts'

/** What every operation takes. */
export interface OperationOptions {
  /** Instead of the store's own. */
  readonly budget?: Budget | undefined
  /** Instead of the store's own. */
  readonly work?: ScanPolicy | undefined
  /** Ends the operation, also in the middle of a request where the driver can. */
  readonly signal?: AbortSignal | undefined
  /** When the operation must have ended, in milliseconds since 1970: `RequestContext.deadline`. Retries end before it. */
  readonly deadline?: number | undefined
  /** Variables for `$expr` and pipeline updates, read there as `$$name`. */
  readonly let?: Document | undefined
}

export interface FindOptions<T = Document, P = Projection<T>> extends OperationOptions {
  /** Absent: in the order of their `_id`, or in none. */
  readonly sort?: Sort<T> | undefined
  readonly skip?: number | undefined
  /** At most this many; 0 or absent: all. */
  readonly limit?: number | undefined
  /** Which fields are wanted: `{ name: 1 }`, or unwanted: `{ password: 0 }`. @default all */
  readonly projection?: (P & CheckedProjection<T, P>) | undefined
}

/** The options of all reads before their values are checked. */
export interface GivenFindOptions extends OperationOptions {
  readonly sort?: unknown
  readonly skip?: number | undefined
  readonly limit?: number | undefined
  readonly projection?: unknown
}

const shared = ['budget', 'work', 'signal', 'deadline', 'let']

type Check = (value: unknown) => string | undefined

/** What an option must be where the compiler did not check, unless its value has a parser. */
const kinds: Readonly<Record<string, Check>> = {
  upsert: must(isBoolean, 'true or false'),
  ordered: must(isBoolean, 'true or false'),
  includeResultMetadata: must(isBoolean, 'true or false'),
  let: must(isReadablePlainObject, 'a plain object'),
  arrayFilters: must(Array.isArray, 'an array'),
  work: must((value) => value === 'allow' || value === 'warn' || value === 'deny', "'allow', 'warn' or 'deny'"),
  returnDocument: must((value) => value === 'before' || value === 'after', "'before' or 'after'"),
  signal: must(isSignal, 'an AbortSignal'),
  budget: limits(['maxRequests', 'maxDocuments']),
  pipelineBudget: limits(['maxDocuments', 'maxBytes']),
}

/**
 * Refuses what is not a plain object of these options and those that every operation takes: none is ignored in silence.
 *
 * @throws {UsageError} for an object that is not plain, and for a name that is not an option
 * @throws {NoSQLFilterError} for a value of the wrong type
 */
export function checkOptions(options: object, names: readonly string[]): void {
  for (const [name, value] of Object.entries(assertPlainObject(options, 'options'))) {
    if (name === 'collation' || name === 'hint') {
      throw new UnsupportedOperationError(`'${name}' is not portable`, {
        hint: 'Leave it out, or use the vendor client, store.native.',
      })
    }
    if (!names.includes(name) && !shared.includes(name)) throw unknownOption(name, [...names, ...shared], 'options')
    const expected = value === undefined ? undefined : kinds[name]?.(value)
    if (expected !== undefined) throw wrongOption(name, expected)
  }
}

/** A check with what it expects, for the message. */
function must(holds: (value: unknown) => boolean, expected: string): Check {
  return (value) => (holds(value) ? undefined : `must be ${expected}, not ${kindOf(value)}`)
}

/** An object of upper limits, such as a budget. */
function limits(names: readonly string[]): Check {
  return (value) => {
    if (!isReadablePlainObject(value)) return `must be a plain object, not ${kindOf(value)}`
    const stray = Object.keys(value).find((name) => !names.includes(name))
    if (stray !== undefined) return `must hold nothing but ${names.join(' and ')}`
    const wrong = names.find((name) => value[name] !== undefined && !isLimit(value[name]))
    return wrong === undefined ? undefined : `must have a number of at least 0 as its ${wrong}`
  }
}

function isLimit(value: unknown): boolean {
  return typeof value === 'number' && value >= 0
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean'
}

function isSignal(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'aborted' in value && 'throwIfAborted' in value
}

function wrongOption(name: string, expected: string): NoSQLFilterError {
  return new NoSQLFilterError(`'${name}' ${expected}`, { reason: 'TypeMismatch', path: name })
}

/** @throws {NoSQLFilterError} for anything but a whole number from 0. */
export function wholeNumber(value: number | undefined, path: string, whenAbsent: number): number {
  if (value === undefined) return whenAbsent
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new NoSQLFilterError(`'${path}' must be a whole number from 0`, { reason: 'BadValue', path })
}
