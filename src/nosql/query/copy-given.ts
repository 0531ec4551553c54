import { COUNTED_AFTER, isTooLarge } from './is-too-large.ts'
import { MOST_PARTS, PARTS_OF_A_CONTAINER } from './refusal.ts'
import { isDocument, setField, type Value } from './value.ts'

/** Deeper than any parser of this package goes. */
const tooDeep = 200

/**
 * A copy of a caller's value, made before it is parsed: what is checked is then what is sent, whatever the caller changes
 * meanwhile. Plain objects, arrays, dates, bytes and regular expressions are copied, everything else is handed on. What is
 * too deep or too much is handed on as well, for the parser to refuse; in the place of what cannot be read stands what never
 * can be.
 */
export function copyGiven(given: unknown): unknown {
  try {
    return copy(given, { whole: given, parts: MOST_PARTS, isCounted: false }, 0)
  } catch (error) {
    // A getter, a proxy or a forged object may throw once only: the parser would take what was not copied.
    return error instanceof TooLargeError ? given : unreadable()
  }
}

class TooLargeError extends RangeError {}

function unreadable(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

interface Left {
  readonly whole: unknown
  parts: number
  isCounted: boolean
}

function copy(given: unknown, left: Left, depth: number): unknown {
  if (typeof given !== 'object' || given === null) return given
  if (given instanceof Date) return new Date(given)
  if (given instanceof Uint8Array) return new Uint8Array(given)
  if (given instanceof RegExp) return new RegExp(given)
  if (Array.isArray(given)) return copyArray(given, left, depth)
  return isDocument(given) ? copyObject(given, left, depth) : given
}

function enter(parts: number, left: Left, depth: number): void {
  left.parts -= PARTS_OF_A_CONTAINER + parts
  if (left.parts < 0 || depth > tooDeep || isFoundTooLarge(left))
    throw new TooLargeError('a value cannot be copied: it is too large')
}

function isFoundTooLarge(left: Left): boolean {
  if (left.isCounted || left.parts > MOST_PARTS - COUNTED_AFTER) return false
  left.isCounted = true
  return isTooLarge(left.whole)
}

function copyArray(given: readonly unknown[], left: Left, depth: number): unknown[] {
  const { length } = given
  enter(length, left, depth)
  const result: unknown[] = []
  for (let index = 0; index < length; index++) result.push(copy(given[index], left, depth + 1))
  return result
}

function copyObject(given: object, left: Left, depth: number): object {
  const entries = Object.entries(given)
  enter(entries.length, left, depth)
  const result: Record<string, Value> = {}
  // Not checked yet: the parser says what may be a value.
  for (const [name, value] of entries) setField(result, name, copy(value, left, depth + 1) as Value)
  return result
}
