import { cutText } from '../cut-text.ts'

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Milliseconds since the epoch, of a day that a calendar has. */
export function isTime(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= 8.64e15
}

/** The texts of a list, and no more than `most`. */
export function textsOf(given: unknown, most: number): readonly string[] {
  if (!Array.isArray(given)) return []
  return given.slice(0, most).flatMap((entry: unknown) => (typeof entry === 'string' ? cutText(entry) : []))
}
