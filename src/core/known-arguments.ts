import { UsageError } from './errors.ts'

/** How many arguments methods read. */
type Counts = Readonly<Record<string, number>>

/** The methods of a class: those that return a promise, which rejects, and the others, which throw. */
export interface MethodCounts {
  readonly byPromise?: Counts
  readonly atOnce?: Counts
}

type Method = (this: unknown, ...given: readonly unknown[]) => unknown

/**
 * Makes the methods of a class refuse arguments that they do not read. In plain JavaScript no compiler notices options in
 * the wrong place, or the callback of an older driver, which would never be called.
 *
 * It changes the prototype once; a call costs one comparison. Leave out methods that end something, such as `close`: they
 * may be listeners of an event, and must work with any arguments.
 */
export function holdToArguments(prototype: object, { byPromise = {}, atOnce = {} }: MethodCounts): void {
  const rejects = new Set(Object.keys(byPromise))
  for (const [name, most] of Object.entries({ ...byPromise, ...atOnce })) {
    const method = Reflect.get(prototype, name) as Method // the counts name methods: a test calls each
    const value: Method = function (first, second, third) {
      if (arguments.length <= most) return method.call(this, first, second, third)
      const error = tooMany(name, most, arguments)
      if (rejects.has(name)) return Promise.reject(error)
      throw error
    }
    Object.defineProperty(value, 'name', { value: name })
    Object.defineProperty(prototype, name, { value, writable: true, configurable: true })
  }
}

/** The same for one call. @throws UsageError */
export function assertArguments(name: string, most: number, given: ArrayLike<unknown>): void {
  if (given.length > most) throw tooMany(name, most, given)
}

function tooMany(name: string, most: number, given: ArrayLike<unknown>): UsageError {
  const takes = most === 0 ? 'no argument' : most === 1 ? 'at most one argument' : `at most ${most} arguments`
  const hint =
    typeof given[given.length - 1] === 'function' ? 'It calls nobody back: await what it returns.' : undefined
  return new UsageError(`${name} must have ${takes}, not ${given.length}`, { hint })
}
