import { setField } from '../../core/plain-object.ts'
import { PartsBudget } from './checked-copy.ts'
import { DEEPEST } from './is-too-large.ts'
import { isDocument, type Value } from './value.ts'
import { copyVendorValue, isVendorValue } from './vendor-value.ts'

/**
 * A copy of a caller's value, made before it is parsed: what is checked is then what is sent, whatever the caller changes
 * meanwhile. Plain objects, arrays, dates, bytes, regular expressions and
 * values of MongoDB's own classes are copied, everything else is handed on. What is
 * too deep or too much is handed on as well, for the parser to refuse; in the place of what cannot be read stands what never
 * can be.
 */
export function copyGiven(given: unknown): unknown {
  const budget = new PartsBudget()
  budget.begin(given)
  try {
    return copy(given, budget, 0)
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

function copy(given: unknown, budget: PartsBudget, depth: number): unknown {
  if (typeof given !== 'object' || given === null) return given
  if (given instanceof Date) return new Date(given)
  if (given instanceof Uint8Array) return new Uint8Array(given)
  if (given instanceof RegExp) return new RegExp(given)
  if (Array.isArray(given)) return copyArray(given, budget, depth)
  if (isDocument(given)) return copyObject(given, budget, depth)
  if (!isVendorValue(given)) return given
  enter(1, budget, depth)
  return copyVendorValue(given, (field) => copy(field, budget, depth + 1))
}

function enter(parts: number, budget: PartsBudget, depth: number): void {
  if (depth > DEEPEST || !budget.take(parts)) throw new TooLargeError('a value cannot be copied: it is too large')
}

function copyArray(given: readonly unknown[], budget: PartsBudget, depth: number): unknown[] {
  const { length } = given
  enter(length, budget, depth)
  const result: unknown[] = []
  for (let index = 0; index < length; index++) result.push(copy(given[index], budget, depth + 1))
  return result
}

function copyObject(given: object, budget: PartsBudget, depth: number): object {
  const entries = Object.entries(given)
  enter(entries.length, budget, depth)
  const result: Record<string, Value> = {}
  // Not checked yet: the parser says what may be a value.
  for (const [name, value] of entries) setField(result, name, copy(value, budget, depth + 1) as Value)
  return result
}
