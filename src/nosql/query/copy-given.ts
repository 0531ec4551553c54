import { MOST_VALUES } from './read-given.ts'
import { isDocument, setField, type Value } from './value.ts'

/** Deeper than any parser of this package goes. */
const tooDeep = 200

/**
 * A copy of what a caller gave, made before it is parsed: what is checked is then what is sent, whatever the caller changes
 * meanwhile. Plain objects, arrays, dates, bytes and regular expressions are copied, everything else is handed on. What is
 * too deep, too much or cannot be read is handed on as well, for the parser to refuse.
 */
export function copyGiven(given: unknown): unknown {
  try {
    return copy(given, { values: MOST_VALUES }, 0)
  } catch {
    // A getter, a proxy or a forged object.
    return given
  }
}

function copy(given: unknown, left: { values: number }, depth: number): unknown {
  if (typeof given !== 'object' || given === null || --left.values < 0 || depth > tooDeep) return given
  if (Array.isArray(given) && given.length > left.values) return given
  if (Array.isArray(given)) return Array.from(given, (element: unknown) => copy(element, left, depth + 1))
  if (given instanceof Date) return new Date(given)
  if (given instanceof Uint8Array) return new Uint8Array(given)
  if (given instanceof RegExp) return new RegExp(given)
  if (!isDocument(given)) return given
  const result: Record<string, Value> = {}
  // Not checked yet: the parser says what may be a value.
  for (const [name, value] of Object.entries(given)) setField(result, name, copy(value, left, depth + 1) as Value)
  return result
}
