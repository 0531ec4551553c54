import { UsageError } from '../../core/errors.ts'

/**
 * The options as they were given, which must be an object with known names, so that a misspelt one is not passed over.
 *
 * @param flags Those that are true or false
 * @throws UsageError
 */
export function checkOptions<T extends object>(
  options: T,
  names: readonly string[],
  flags: readonly string[] = ['includeDeleted', 'hard'],
): T {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new UsageError('the options of a repository must be an object')
  }
  for (const [name, value] of Object.entries(options)) {
    if (!names.includes(name)) {
      throw new UsageError(`a repository has no option '${name}' here`, { hint: `It has ${names.join(', ')}.` })
    }
    if (flags.includes(name) && value !== undefined && typeof value !== 'boolean') {
      throw new UsageError(`the option '${name}' must be true or false`)
    }
  }
  return options
}

/** @throws UsageError */
export function wholeNumber(value: unknown, what: string, least: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value
  throw new UsageError(`${what} must be a whole number from ${least}`)
}
