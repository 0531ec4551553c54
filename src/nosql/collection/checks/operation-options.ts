import { NoSQLFilterError, UnsupportedOperationError } from '../../errors.ts'
import type { Budget, ScanPolicy } from '../../contract/explanation.ts'
import { UsageError } from '../../../core/errors.ts'
import { isDocument, type Document } from '../../query/value.ts'

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

/** Paths and directions; ties are broken by `_id`. */
export type Sort = Readonly<Record<string, 1 | -1>> | readonly (readonly [path: string, direction: 1 | -1])[] | string

export interface FindOptions extends OperationOptions {
  readonly sort?: Sort | undefined
  readonly skip?: number | undefined
  /** At most this many; 0 or absent: all. */
  readonly limit?: number | undefined
  readonly projection?: Readonly<Record<string, unknown>> | undefined
}

const shared = ['budget', 'work', 'signal', 'deadline', 'let']

/** What options must be where TypeScript was not asked. Those that have a parser of their own are not here. */
const kinds: Readonly<Record<string, (value: unknown) => boolean>> = {
  upsert: isBoolean,
  ordered: isBoolean,
  let: isDocument,
  budget: isDocument,
  arrayFilters: Array.isArray,
  work: (value) => value === 'allow' || value === 'warn' || value === 'deny',
  returnDocument: (value) => value === 'before' || value === 'after',
}

/**
 * No option is dropped in silence.
 *
 * @throws {UsageError} for one that does not exist
 * @throws {NoSQLFilterError} for one of the wrong type
 */
export function checkOptions(options: object, names: readonly string[]): void {
  if (!isDocument(options)) {
    throw new NoSQLFilterError('Options are an object.', { reason: 'TypeMismatch', path: 'options' })
  }
  for (const [name, value] of Object.entries(options)) {
    if (name === 'collation' || name === 'hint') {
      throw new UnsupportedOperationError(`'${name}' is not portable.`, {
        hint: 'Leave it out, or use the vendor client, store.native.',
      })
    }
    if (!names.includes(name) && !shared.includes(name)) {
      throw new UsageError(`There is no option '${name}'.`, { hint: `Options: ${[...names, ...shared].join(', ')}.` })
    }
    if (value !== undefined && kinds[name]?.(value) === false) {
      throw new NoSQLFilterError(`The option '${name}' has the wrong type.`, { reason: 'TypeMismatch', path: name })
    }
  }
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean'
}

/** @throws {NoSQLFilterError} for anything but a whole number from 0. */
export function wholeNumber(value: number | undefined, path: string, whenAbsent: number): number {
  if (value === undefined) return whenAbsent
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new NoSQLFilterError(`'${path}' must be a whole number from 0.`, { reason: 'BadValue', path })
}
