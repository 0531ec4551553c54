import { UsageError } from './errors.ts'
import { meantName } from './nearest-name.ts'
import { assertPlainObject, isReadablePlainObject, kindOf } from './plain-object.ts'

/** What an option must be: a test, and the words for it. */
export interface OptionCheck {
  readonly holds: (value: unknown) => boolean
  readonly expected: string
  /** Of the right kind, though not a right one: a message does not repeat it then. */
  readonly kind?: 'number' | 'string'
}

/** The options there are, each with its check. */
export type OptionChecks = Readonly<Record<string, OptionCheck>>

const check = (expected: string, holds: OptionCheck['holds'], kind?: OptionCheck['kind']): OptionCheck =>
  kind === undefined ? { holds, expected } : { holds, expected, kind }
const isNumber = (value: unknown): value is number => typeof value === 'number' && !Number.isNaN(value)

/** Checks that many options share. An option that is `undefined` is absent. */
export const must = {
  /** For a value that another part checks. */
  beAnything: check('anything', () => true),
  beBoolean: check('true or false', (value) => typeof value === 'boolean'),
  beText: check('text', (value) => typeof value === 'string'),
  beFunction: check('a function', (value) => typeof value === 'function'),
  beObject: check('an object', (value) => typeof value === 'object' && value !== null),
  bePlainObject: check('a plain object', isReadablePlainObject),
  beArray: check('an array', Array.isArray),
  beSignal: check(
    'an AbortSignal',
    (value) => typeof value === 'object' && value !== null && 'aborted' in value && 'throwIfAborted' in value,
  ),
  beNumber: check('a number', isNumber, 'number'),
  /** Seconds, milliseconds, counts, limits. Infinity is one. */
  beNumberFrom: (least: number) =>
    check(`a number of at least ${least}`, (value) => isNumber(value) && value >= least, 'number'),
  beWholeNumberFrom: (least: number) =>
    check(
      `a whole number of at least ${least}`,
      (value) => isNumber(value) && Number.isSafeInteger(value) && value >= least,
      'number',
    ),
  beOneOf: (...values: readonly string[]) =>
    check(values.map((value) => `'${value}'`).join(' or '), (value) => values.some((one) => one === value), 'string'),
}

/**
 * Refuses options that are not a plain object, names that are not options, and values that an option cannot have, so that
 * none is silently ignored.
 *
 * @throws UsageError `LEX_ERR_USE_001` that names the option, and in its hint where it is or what was probably meant
 * @example
 * const { attempts = 10 } = assertOptions(options, { attempts: must.beWholeNumberFrom(1), signal: must.beSignal })
 */
export function assertOptions<T>(options: T, checks: OptionChecks, what = 'options'): T & object {
  const given = assertPlainObject(options, what)
  for (const [name, value] of Object.entries(given as Readonly<Record<string, unknown>>)) {
    const found = Object.hasOwn(checks, name) ? checks[name] : undefined
    if (found === undefined) throw unknownOption(name, Object.keys(checks), what)
    if (value !== undefined && !found.holds(value)) {
      throw new UsageError(wrongOption(name, found, value), what === 'options' ? {} : { hint: `Change it in ${what}.` })
    }
  }
  return given
}

/**
 * Refuses a value that lacks a member or has a wrong one. Unlike options it may have others: it is a request's context, a
 * platform's process, a span.
 *
 * @param what Names the value: `the process`.
 * @throws UsageError `LEX_ERR_USE_001`
 */
export function assertMembers(value: unknown, checks: OptionChecks, what: string): void {
  if (typeof value !== 'function' && !must.beObject.holds(value)) {
    throw new UsageError(`${what} must be an object, not ${kindOf(value)}`)
  }
  for (const [name, check] of Object.entries(checks)) {
    const member: unknown = Reflect.get(value as object, name) // or a function, as was just seen
    if (!check.holds(member)) throw new UsageError(`${what} cannot be used: ${wrongOption(name, check, member)}`)
  }
}

export function unknownOption(name: string, names: readonly string[], what: string): UsageError {
  // A name from outside could be anything; an option's is a word.
  const shown = /^\w{1,40}$/.test(name) ? `'${name}'` : 'this name'
  return new UsageError(`${what} cannot hold ${shown}: there is no such option`, { hint: meantName(name, names) })
}

/** Says what an option must be and what it was. */
export function wrongOption(name: string, { expected, kind }: OptionCheck, value: unknown): string {
  return `'${name}' must be ${expected}${typeof value === kind ? '' : `, not ${kindOf(value)}`}`
}
