import { isLexigramError, UsageError } from './errors.ts'

/**
 * True for object literals, of this or another realm (an iframe, Node's `vm`), and for `Object.create(null)`; false for
 * arrays, maps, dates, functions and instances of classes.
 */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null || isForeignRoot(prototype)
}

/** The root of another realm: nothing is above it, and it has `hasOwnProperty`. */
function isForeignRoot(prototype: unknown): boolean {
  return (
    typeof prototype === 'object' &&
    prototype !== null &&
    Object.getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype, 'hasOwnProperty')
  )
}

/**
 * Refuses values that are not a plain object, for callers that no compiler has checked.
 *
 * @param what Names the argument: `options`, `the filter`.
 * @throws UsageError `LEX_ERR_USE_001` that says what was given in its place
 */
export function assertPlainObject<T>(value: T, what: string): T & object {
  if (isReadablePlainObject(value)) return value // just looked at
  throw new UsageError(`${what} must be a plain object, not ${kindOf(value)}`)
}

/** Refuses values without fields, such as an entity that is an array. @throws UsageError `LEX_ERR_USE_001` */
export function assertFields<T>(value: T, what: string): T {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new UsageError(`${what} must be an object, not ${kindOf(value)}`)
}

/** Refuses what is not a function. @throws UsageError `LEX_ERR_USE_001` */
export function assertFunction<F>(given: F | null | undefined, what: string): F {
  if (typeof given === 'function') return given
  throw new UsageError(`${what} must be a function, not ${kindOf(given)}`)
}

/** A proxy may refuse to be looked at: it is not a plain object then. */
export function isReadablePlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  try {
    return isPlainObject(value)
  } catch {
    return false
  }
}

/**
 * Reads a caller's value. Getters, proxies and forged objects can throw anything; that refuses the input and is
 * never its own error.
 */
export function wrapReadErrors<T>(read: () => T, refuse: (cause: unknown) => Error): T {
  try {
    return read()
  } catch (error) {
    if (isLexigramError(error)) throw error
    throw refuse(error)
  }
}

/** What kind of thing a value is, for a message: `a Map`, `an array`, `undefined`. It never shows the value. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return String(value)
  if (typeof value !== 'object') return `a ${typeof value}`
  try {
    if (Array.isArray(value)) return 'an array'
    if ('then' in value && typeof value.then === 'function') return 'a promise'
    const bson: unknown = Reflect.get(value, '_bsontype')
    if (isClassName(bson)) return withArticle(bson)
    if (isPlainObject(value)) return 'an object'
    const tag = Object.prototype.toString.call(value).slice(8, -1)
    return tag !== 'Object' && isClassName(tag) ? withArticle(tag) : 'an instance of a class'
  } catch {
    return 'an object that cannot be read'
  }
}

function isClassName(name: unknown): name is string {
  return typeof name === 'string' && /^[A-Z]\w{0,40}$/.test(name)
}

function withArticle(name: string): string {
  return `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`
}

/** Sets an own field, also one named `__proto__`, which plain assignment would turn into the prototype. */
export function setField<T>(target: Record<string, T>, name: string, value: T): void {
  if (name === '__proto__') {
    Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true })
  } else target[name] = value
}
