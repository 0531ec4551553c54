import { isLexigramError } from '../errors.ts'
import { isSecret } from '../setting/secret.ts'
import type { LogFields, LogValue } from './log.ts'

/** Bounds of one line: what a platform takes, and what a person reads. */
const limits = { depth: 8, values: 1000, text: 4096, allText: 32_768 } as const

/** What is still to be spent on one line. */
interface Budget {
  values: number
  text: number
  /** The objects that hold the value. */
  readonly within: Set<object>
}

/** The fields of a line as JSON: secrets are hidden at any depth, and size, depth and cycles are bounded. Never throws. */
export function toLoggable(fields: LogFields): Readonly<Record<string, LogValue>> {
  const value = valueOf(fields, { values: limits.values, text: limits.allText, within: new Set() })
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, LogValue>>) // neither a text nor a list
    : { value }
}

/** A text that is as long as one line allows. */
export function shortened(text: string, longest: number = limits.text): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}… (${text.length - longest} more)`
}

function valueOf(value: unknown, budget: Budget): LogValue {
  if (budget.values-- <= 0) return '[more]'
  switch (typeof value) {
    case 'string': {
      const text = shortened(value, Math.min(limits.text, Math.max(0, budget.text)))
      budget.text -= text.length
      return text
    }
    case 'number':
      // JSON has no negative zero.
      return Number.isFinite(value) ? value + 0 : String(value)
    case 'boolean':
      return value
    case 'object':
      return value === null ? null : ofObject(value, budget)
    case 'undefined':
      return null
    case 'function':
    case 'symbol':
      return `[${typeof value}]`
    default:
      return String(value) // a bigint
  }
}

function ofObject(value: object, budget: Budget): LogValue {
  const { within } = budget
  if (within.has(value)) return '[circular]'
  if (within.size >= limits.depth) return '[deeper]'
  within.add(value)
  try {
    return contentOf(value, budget)
  } catch {
    // A getter or a proxy has thrown: the line is written without this part.
    return '[unreadable]'
  } finally {
    within.delete(value)
  }
}

function contentOf(value: object, budget: Budget): LogValue {
  if (isSecret(value)) return '[secret]'
  if (value instanceof Error) return ofEntries(partsOf(value), budget)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
  if (value instanceof URL) return valueOf(withoutPassword(value), budget)
  if (Array.isArray(value)) return ofList(value, budget)
  if (value instanceof Set) return ofList(value, budget)
  if (value instanceof Map) return ofEntries(value, budget)
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`
  const { toJSON }: { readonly toJSON?: unknown } = value
  if (typeof toJSON === 'function') return valueOf(toJSON.call(value), budget)
  return ofEntries(Object.entries(value), budget)
}

/** Stops at the end of the budget, so that a list without an end does no harm. */
function ofList(list: Iterable<unknown>, budget: Budget): readonly LogValue[] {
  const values: LogValue[] = []
  for (const value of list) {
    values.push(valueOf(value, budget))
    if (budget.values <= 0) break
  }
  return values
}

function ofEntries(entries: Iterable<readonly [unknown, unknown]>, budget: Budget): LogValue {
  const object: Record<string, LogValue> = {}
  for (const [key, value] of entries) {
    if (value === undefined) continue
    if (budget.values <= 0) break
    const name = shortened(typeof key === 'string' ? key : `[${typeof key}]`, 128)
    // Defined as an own member, because it may be called `__proto__`.
    Object.defineProperty(object, name, { value: valueOf(value, budget), enumerable: true, configurable: true })
  }
  return object
}

/** What an error says; its other members are the vendor's, and may be anything. */
function partsOf(error: Error): [string, unknown][] {
  const { code, details, errors } = error as {
    readonly code?: unknown
    readonly details?: unknown
    readonly errors?: unknown
  }
  return Object.entries({
    name: error.name,
    code,
    message: error.message,
    // A vendor's hint may repeat values.
    hint: isLexigramError(error) ? error.hint : undefined,
    details,
    stack: error.stack,
    cause: error.cause,
    errors,
  })
}

function withoutPassword(url: URL): string {
  if (url.username === '' && url.password === '') return url.href
  const bare = new URL(url)
  bare.username = ''
  bare.password = ''
  return bare.href
}
