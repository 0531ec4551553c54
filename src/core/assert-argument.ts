import { UsageError } from './errors.ts'
import { kindOf } from './plain-object.ts'

export interface Expected {
  /** What any right value has. @default [] */
  readonly members?: readonly string[]
  /** What to do about a wrong one. For a function, the hint says to call it. */
  readonly hint: string
}

/**
 * Refuses what the compiler would have refused, for programs in plain JavaScript: nothing where an object has to be, or
 * a factory that was not called.
 *
 * @param what Names the argument: `the application`.
 * @throws UsageError `LEX_ERR_USE_001`
 */
export function assertArgument(value: unknown, what: string, { members = [], hint }: Expected): void {
  const isObject = typeof value === 'object' && value !== null
  const lacks = isObject ? members.find((member) => Reflect.get(value, member) === undefined) : ''
  if (lacks === undefined) return
  throw new UsageError(isObject ? `${what} must have ${lacks}` : `${what} must be an object, not ${kindOf(value)}`, {
    hint: typeof value === 'function' && value.name !== '' ? `Call it: ${value.name}().` : hint,
  })
}

/** Throws unless `values` is an array whose entries all pass `assertArgument`. */
export function assertList(values: unknown, what: string, expected: Expected): asserts values is readonly object[] {
  if (!Array.isArray(values))
    throw new UsageError(`${what} must be an array, not ${kindOf(values)}`, { hint: expected.hint })
  for (const value of values) assertArgument(value, `an entry of ${what}`, expected)
}

/** Refuses what configuration cannot be read from. @throws UsageError `LEX_ERR_USE_001` */
export function assertEnvironment(env: unknown): void {
  assertArgument(env, 'the environment', { hint: "Pass process.env, or a Worker's env." })
}
