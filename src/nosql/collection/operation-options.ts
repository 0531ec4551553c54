import { NoSQLFilterError, UnsupportedOperationError } from '../errors.ts'
import type { Budget, WorkPolicy } from '../explain.ts'
import { UsageError } from '../../errors.ts'
import type { Document } from '../query/value.ts'

/** What every operation takes. */
export interface OperationOptions {
  /** Instead of the store's own. */
  readonly budget?: Budget | undefined
  /** Instead of the store's own. */
  readonly work?: WorkPolicy | undefined
  /** Ends the operation between two requests. */
  readonly signal?: AbortSignal | undefined
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

const shared = ['budget', 'work', 'signal', 'let']

/** @throws {UsageError} for an option that does not exist, so that none is dropped in silence. */
export function checkOptions(options: object, names: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (names.includes(name) || shared.includes(name)) continue
    if (name === 'collation' || name === 'hint') {
      throw new UnsupportedOperationError(`'${name}' is not portable.`, {
        hint: 'Leave it out, or use the vendor client, store.native.',
      })
    }
    throw new UsageError(`There is no option '${name}'.`, { hint: `Options: ${[...names, ...shared].join(', ')}.` })
  }
}

/** @throws {NoSQLFilterError} for anything but a whole number from 0. */
export function wholeNumber(value: number | undefined, path: string, whenAbsent: number): number {
  if (value === undefined) return whenAbsent
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new NoSQLFilterError(`'${path}' must be a whole number from 0.`, { reason: 'BadValue', path })
}
