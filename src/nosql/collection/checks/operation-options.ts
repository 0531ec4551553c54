import { NoSQLFilterError, UnsupportedOperationError } from '../../errors.ts'
import type { Budget, ScanPolicy } from '../../contract/explanation.ts'
import { UsageError } from '../../../core/errors.ts'
import { must, unknownOption, wrongOption, type OptionCheck, type OptionChecks } from '../../../core/assert-options.ts'
import { assertPlainObject, isReadablePlainObject } from '../../../core/plain-object.ts'
import type { VendorQueryOptions } from '../../contract/vendor-query.ts'
import type { Document } from '../../query/value.ts'
import { DocumentSession } from '../../store/document-session.ts'
import type { CheckedProjection, Projection } from '../types/projection.ts'
import type { Sort } from '../types/sort.ts'

/** What every operation takes. */
export interface OperationOptions {
  /** Instead of the store's own, limit by limit. @throws BudgetExceededError when it is used up */
  readonly budget?: Budget | undefined
  /**
   * Instead of the store's own. It holds for all that is read: the query, and each collection that a pipeline reads.
   *
   * @throws UnsupportedOperationError for a scan that it denies; nothing was read or written by then
   */
  readonly scans?: ScanPolicy | undefined
  /** Ends the operation, also in the middle of a request where the driver can. */
  readonly signal?: AbortSignal | undefined
  /** When the operation must have ended, in milliseconds since 1970: `RequestContext.deadline`. Retries end before it. */
  readonly deadline?: number | undefined
  /** Makes the operation a part of the transaction of this session. Not within `store.transaction`, whose `tx` is enough. */
  readonly session?: DocumentSession | undefined
  /** Variables for `$expr` and pipeline updates, read there as `$$name`. */
  readonly let?: Document | undefined
}

/** The options of what asks for documents. */
export interface QueryOptions extends OperationOptions, VendorQueryOptions {}

/** Options of `find`. */
export interface FindOptions<T = Document, P = Projection<T>> extends QueryOptions {
  /** Absent: in the order of their `_id`, or in none. */
  readonly sort?: Sort<T> | undefined
  readonly skip?: number | undefined
  /** At most this many; 0 or absent: all. */
  readonly limit?: number | undefined
  /** Which fields are wanted: `{ name: 1 }`, or unwanted: `{ password: 0 }`. @default all */
  readonly projection?: (P & CheckedProjection<T, P>) | undefined
}

/** The options of what asks for no documents, and so for no variables of filters. */
export type EstimateOptions = Omit<OperationOptions, 'let'>

/** Of a find whose documents are not read. */
export interface ExplainOptions<T = Document> extends Omit<FindOptions<T>, 'budget' | 'scans'> {}

/** The options of all reads before their values are checked. */
export interface GivenFindOptions extends QueryOptions {
  readonly sort?: unknown
  readonly skip?: number | undefined
  readonly limit?: number | undefined
  readonly projection?: unknown
}

/** The options of an insertion, which asks for nothing and reads nothing. */
export interface InsertOptions extends Pick<OperationOptions, 'signal' | 'deadline' | 'session'> {}

const shared = [
  'budget',
  'scans',
  'signal',
  'deadline',
  'session',
  'let',
] as const satisfies readonly (keyof OperationOptions)[]

/** Options that an operation does not have although most have them, and why. */
export interface Withheld {
  readonly names: readonly (typeof shared)[number][]
  readonly why: string
}

export const notOfInsertions: Withheld = {
  names: ['budget', 'scans', 'let'],
  why: 'an insertion reads nothing and evaluates nothing',
}

export const notOfEstimates: Withheld = { names: ['let'], why: 'an estimate evaluates nothing' }

export const notOfExplanations: Withheld = {
  names: ['budget', 'scans'],
  why: 'an explanation reads no document, whatever the query would',
}

/** What an operation of a bulk write cannot have for itself. */
export const ofWholeBulk: Withheld = {
  names: ['budget', 'scans', 'signal', 'deadline', 'session'],
  why: 'it is an option of the whole bulk write',
}

/** What an operation may read and do. */
export const beBudget: OptionCheck = budgetOf(['maxRequests', 'maxDocuments', 'maxSteps', 'maxBytes'])

/** What an option must be where the compiler did not check, unless its value has a parser. */
const checks: OptionChecks = {
  upsert: must.beBoolean,
  ordered: must.beBoolean,
  includeResultMetadata: must.beBoolean,
  let: must.bePlainObject,
  mongodb: must.bePlainObject,
  arrayFilters: must.beArray,
  scans: must.beOneOf('allow', 'warn', 'deny'),
  returnDocument: must.beOneOf('before', 'after'),
  signal: must.beSignal,
  session: { expected: 'a session of startSession', holds: (value) => value instanceof DocumentSession },
  deadline: must.beNumberFrom(0),
  budget: beBudget,
  pipelineBudget: budgetOf(['maxDocuments', 'maxBytes', 'maxSteps']),
}

/**
 * Refuses what is not a plain object of these options and those that every operation takes: none is ignored silently.
 *
 * @param withheld those that every other operation takes
 * @throws UsageError for an object that is not plain, and for a name that is not an option of the operation
 * @throws NoSQLFilterError for a value of the wrong type
 */
export function checkOptions(options: object, names: readonly string[], withheld?: Withheld): void {
  const common: readonly string[] = shared.filter((name) => withheld?.names.includes(name) !== true)
  for (const [name, value] of Object.entries(assertPlainObject(options, 'options'))) {
    if (name === 'collation' || name === 'hint') {
      throw new UnsupportedOperationError(`'${name}' cannot be used: the option is not portable`, {
        hint: `Leave it out; on MongoDB it belongs under the option 'mongodb': { mongodb: { ${name}: … } }.`,
      })
    }
    if (!names.includes(name) && !common.includes(name)) {
      if (withheld === undefined || !isShared(name)) throw unknownOption(name, [...names, ...common], 'options')
      throw new UsageError(`options cannot hold '${name}': ${withheld.why}`, { hint: 'Leave it out.' })
    }
    const check = checks[name]
    if (value === undefined || check === undefined || check.holds(value)) continue
    throw new NoSQLFilterError(wrongOption(name, check, value), { reason: 'TypeMismatch', path: name })
  }
}

function isShared(name: string): boolean {
  return shared.some((one) => one === name)
}

/** An object of upper limits. */
function budgetOf(names: readonly string[]): OptionCheck {
  const isLimit = (limit: unknown) => limit === undefined || (typeof limit === 'number' && limit >= 0)
  return {
    expected: `an object of ${names.slice(0, -1).join(', ')} and ${names.at(-1)}, numbers of at least 0`,
    holds: (value) =>
      isReadablePlainObject(value) &&
      Object.entries(value).every(([name, limit]) => names.includes(name) && isLimit(limit)),
  }
}

/** @throws NoSQLFilterError for anything but a whole number from 0. */
export function wholeNumber(value: number | undefined, path: string, whenAbsent: number): number {
  if (value === undefined) return whenAbsent
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new NoSQLFilterError(`'${path}' must be a whole number from 0`, { reason: 'BadValue', path })
}
