/** About how many bytes of memory a value takes that came as JSON: an upper bound for its texts. */
export function bytesOf(value: unknown): number {
  if (typeof value === 'string') return 16 + 2 * value.length
  if (typeof value !== 'object' || value === null) return 8
  if (Array.isArray(value)) return value.reduce<number>((sum, entry) => sum + bytesOf(entry), 16)
  return Object.entries(value).reduce((sum, [key, entry]) => sum + bytesOf(key) + bytesOf(entry), 32)
}
