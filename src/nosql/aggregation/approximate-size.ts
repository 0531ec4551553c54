import { isArray } from './expression/kinds.ts'
import type { Result } from './expression/scope.ts'

/** About as many bytes as BSON needs; cheap, and never far below. */
export function approximateSize(value: Result): number {
  if (typeof value === 'string') return 8 + value.length
  if (typeof value !== 'object' || value === null || value instanceof Date) return 8
  if (value instanceof Uint8Array) return 8 + value.length
  let size = 16
  if (isArray(value)) {
    for (const element of value) size += 8 + approximateSize(element)
    return size
  }
  for (const key in value) size += 8 + key.length + approximateSize(value[key])
  return size
}
