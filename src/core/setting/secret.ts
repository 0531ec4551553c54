import { UsageError } from '../errors.ts'

const shown = '[secret]'
const brand: unique symbol = Symbol.for('lexigram-edge.secret')

/**
 * A value that does not print itself: string conversion, JSON, template literals and `console.log` all show `[secret]`.
 * Only {@link reveal} returns it, so that every use can be found by searching for that name.
 */
export interface Secret<out T> {
  readonly [brand]: () => T
  toString(): string
  toJSON(): string
}

class Hidden<T> implements Secret<T> {
  // A private field, not a property: no inspector, spread or structured clone sees it.
  readonly #value: T

  constructor(value: T) {
    this.#value = value
  }

  get [brand](): () => T {
    return () => this.#value
  }

  get [Symbol.toStringTag](): string {
    return 'Secret'
  }

  toString(): string {
    return shown
  }

  toJSON(): string {
    return shown
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return shown
  }
}

/**
 * Hides a value. A secret is returned as it is.
 *
 * @example
 * import { reveal, toSecret } from 'lexigram-edge'
 *
 * const password = toSecret('hunter2')
 * `${password}` // '[secret]'
 * reveal(password) // 'hunter2'
 */
export function toSecret<T>(value: T | Secret<T>): Secret<T> {
  return isSecret(value) ? value : new Hidden(value)
}

/** True for secrets, also for those of another copy of this package. */
export function isSecret<T = unknown>(value: T | Secret<T>): value is Secret<T> {
  return typeof value === 'object' && value !== null && brand in value
}

/**
 * The value inside a secret.
 *
 * @throws UsageError `LEX_ERR_USE_001` when given anything but a secret.
 */
export function reveal<T>(secret: Secret<T>): T {
  if (!isSecret(secret)) throw new UsageError('the argument of reveal must be a secret')
  return secret[brand]()
}
