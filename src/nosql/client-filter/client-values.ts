import { isReadablePlainObject, kindOf } from '../../core/plain-object.ts'
import { NoSQLFilterError } from '../errors.ts'
import { shownOperator } from '../query/refusal.ts'

export interface FilterLimits {
  /** Levels of objects and arrays. @default 8 */
  readonly maxDepth?: number
  /** Fields and operators altogether. @default 100 */
  readonly maxConditions?: number
  /** Elements of one list. @default 1000 */
  readonly maxListLength?: number
}

/** What one filter may hold, and what has been counted so far. */
export interface Guard extends Required<FilterLimits> {
  readonly operators: ReadonlySet<string>
  readonly fields: readonly string[] | undefined
  conditions: number
}

/** `path` is for errors; `base` is the field that an `$elemMatch` is inside of. */
export interface Place {
  readonly guard: Guard
  readonly path: string
  readonly base: string
  readonly depth: number
}

/** Names that run code or write: no client has a reason to send them, not even as data. */
const forbidden: ReadonlySet<string> = new Set([
  '$where',
  '$expr',
  '$function',
  '$accumulator',
  '$out',
  '$merge',
  '__proto__',
])

/** Data stays what it is, whatever its keys look like; only its size and its prototype are looked at. */
export function guardData(value: unknown, place: Place): unknown {
  checkDepth(place)
  if (Array.isArray(value)) {
    checkLength(value, place)
    return value.map((element, index) => guardData(element, inside(place, String(index))))
  }
  if (isReadablePlainObject(value)) {
    const copy: Record<string, unknown> = {}
    for (const [key, member] of Object.entries(value)) {
      count(place)
      if (forbidden.has(key)) throw refuse(`${shownOperator(key)} cannot be used by clients`, place.path)
      copy[key] = guardData(member, inside(place, key))
    }
    return copy
  }
  if (
    typeof value === 'object' ? value === null || value instanceof Date || value instanceof Uint8Array : isData(value)
  )
    return value
  throw refuse(`a value must be data, not ${kindOf(value)}`, place.path)
}

function isData(value: unknown): boolean {
  return ['string', 'boolean', 'bigint'].includes(typeof value) || (typeof value === 'number' && Number.isFinite(value))
}

export function inside(place: Place, key: string): Place {
  const shown = /^\$?[\w.-]{1,64}$/.test(key) ? key : '?'
  return { ...place, path: place.path === '' ? shown : `${place.path}.${shown}`, depth: place.depth + 1 }
}

export function checkDepth(place: Place): void {
  const { maxDepth } = place.guard
  if (place.depth > maxDepth) throw refuse(`a filter must nest at most ${maxDepth} levels deep`, '')
}

export function checkLength(list: readonly unknown[], place: Place): void {
  const { maxListLength } = place.guard
  if (list.length > maxListLength) throw refuse(`a list must have at most ${maxListLength} elements`, place.path)
}

export function count(place: Place): void {
  const { guard } = place
  if (++guard.conditions > guard.maxConditions)
    throw refuse(`a filter must have at most ${guard.maxConditions} conditions`, place.path)
}

export function refuse(message: string, path: string, hint?: string): NoSQLFilterError {
  return new NoSQLFilterError(message, { reason: 'BadValue', hint, ...(path === '' ? {} : { path }) })
}
