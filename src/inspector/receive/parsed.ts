const longestText = 2000

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Well-formed, so that it may stand in an address of the page. */
export function cut(text: string): string {
  return text.slice(0, longestText).toWellFormed()
}

/** Milliseconds since the epoch, of a day that a calendar has. */
export function isTime(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= 8.64e15
}

/** The texts of a list, and no more than `most`. */
export function textsOf(given: unknown, most: number): readonly string[] {
  if (!Array.isArray(given)) return []
  return given.slice(0, most).flatMap((entry: unknown) => (typeof entry === 'string' ? cut(entry) : []))
}
