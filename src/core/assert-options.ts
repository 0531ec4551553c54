import { UsageError } from './errors.ts'
import { meantName } from './nearest-name.ts'
import { assertPlainObject } from './plain-object.ts'

/**
 * Refuses options that are not a plain object, and names that are not options: none is ignored in silence.
 *
 * @param names All options there are.
 * @throws UsageError `LEX_ERR_USE_001` whose hint has the name that was probably meant
 */
export function assertOptions<T>(options: T, names: readonly string[], what = 'options'): T & object {
  const given = assertPlainObject(options, what)
  for (const name of Object.keys(given)) if (!names.includes(name)) throw unknownOption(name, names, what)
  return given
}

export function unknownOption(name: string, names: readonly string[], what: string): UsageError {
  // A name from outside could be anything; an option's is a word.
  const shown = /^\w{1,40}$/.test(name) ? `'${name}'` : 'this name'
  return new UsageError(`${what} cannot hold ${shown}: there is no such option`, { hint: meantName(name, names) })
}
