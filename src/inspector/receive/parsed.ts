const longestText = 2000

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function cut(text: string): string {
  return text.slice(0, longestText)
}

/** The texts of a list, and no more than `most`. */
export function textsOf(given: unknown, most: number): readonly string[] {
  if (!Array.isArray(given)) return []
  return given.slice(0, most).flatMap((entry: unknown) => (typeof entry === 'string' ? cut(entry) : []))
}
