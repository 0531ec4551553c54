import type { Result } from './expression/scope.ts'

/**
 * A `Map` key that is the same for values that MongoDB holds equal: numbers by value whatever their width, documents with
 * their key order, missing apart from null.
 */
export function valueKey(value: Result): unknown {
  if (typeof value === 'string') return value.charCodeAt(0) === 0 ? encode(value) : value
  if (typeof value === 'bigint') return numberOf(value)
  return typeof value === 'object' && value !== null ? encode(value) : value
}

/** A whole number as JS number where that is exact, so that `5n` and `5` are one key. */
function numberOf(value: bigint): number | bigint {
  const near = Number(value)
  return BigInt(near) === value ? near : value
}

function encode(value: Result): string {
  return `\0${text(value)}`
}

function text(value: Result): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'bigint') return `${numberOf(value)}`
  if (typeof value === 'number') return `${value === 0 ? 0 : value}`
  return typeof value === 'object' && value !== null ? objectText(value) : `${value}`
}

function objectText(value: object): string {
  if (value instanceof Date) return `d${value.getTime()}`
  if (value instanceof Uint8Array) return `x${value.join(',')}`
  if (Array.isArray(value)) return `[${value.map(text).join(',')}]`
  return `{${Object.entries(value)
    .map(([key, inner]) => `${JSON.stringify(key)}:${text(inner as Result)}`)
    .join(',')}}`
}
