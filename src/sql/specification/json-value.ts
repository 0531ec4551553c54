import type { SpecificationValue } from '../../core/specification/specification.ts'
import { isExactFloat } from './number-bound.ts'

/**
 * The path of an object inside a value, and its keys in their order, without those that count like places of a list.
 */
export interface ObjectKeys {
  readonly path: readonly string[]
  readonly keys: readonly string[]
}

/** The value as JSON; undefined where what was read from JSON cannot equal it. */
export function toJson(value: SpecificationValue): string | undefined {
  if (typeof value === 'bigint') return isExactFloat(value) ? String(value) : undefined
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (value instanceof Date || value instanceof Uint8Array) return undefined
  if (Array.isArray(value)) {
    const items = (value as readonly SpecificationValue[]).map(toJson)
    return items.includes(undefined) ? undefined : `[${items.join()}]`
  }
  // What is left is an object.
  const members = Object.entries(value as JsonObject).map(([key, member]) => {
    const json = toJson(member)
    return json === undefined ? undefined : `${JSON.stringify(key)}:${json}`
  })
  return members.includes(undefined) ? undefined : `{${members.join()}}`
}

/** Whether every object has its keys as `jsonb` orders them: the shorter ones first, then by their bytes. */
export function isInKeyOrder(value: SpecificationValue): boolean {
  return objectKeys(value).every(({ keys }) => keys.every((key, i) => i === 0 || isBefore(keys[i - 1] ?? '', key)))
}

/** All objects of more than one key that an order makes a difference for. */
export function objectKeys(value: SpecificationValue, path: readonly string[] = []): ObjectKeys[] {
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Uint8Array) return []
  const entries = Object.entries(value as JsonObject)
  const inner = entries.flatMap(([key, member]) => objectKeys(member, [...path, key]))
  // JavaScript itself puts these first, in their order.
  const keys = entries.map(([key]) => key).filter((key) => !/^(?:0|[1-9]\d{0,8})$/.test(key))
  return Array.isArray(value) || keys.length < 2 ? inner : [{ path, keys }, ...inner]
}

type JsonObject = Readonly<Record<string, SpecificationValue>>

function isBefore(left: string, right: string): boolean {
  const [a, b] = [encode(left), encode(right)]
  if (a.length !== b.length) return a.length < b.length
  const at = a.findIndex((byte, i) => byte !== b[i])
  return at < 0 || (a[at] ?? 0) < (b[at] ?? 0)
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
