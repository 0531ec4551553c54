/** The smallest of the values that at least this share of them does not exceed; 0 for none. `share` is from 0 to 1. */
export function percentile(ascending: readonly number[], share: number): number {
  if (ascending.length === 0) return 0
  const rank = Math.ceil(share * ascending.length)
  return ascending[Math.min(Math.max(rank, 1), ascending.length) - 1] ?? 0
}

/** Upper bounds of the plot's columns, in milliseconds; the last column has what is above. */
export const columnBounds: readonly number[] = [0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000]

/** How many values each column has. */
export function columnsOf(values: readonly number[]): readonly number[] {
  const columns = Array.from({ length: columnBounds.length + 1 }, () => 0)
  for (const value of values) {
    const at = columnBounds.findIndex((bound) => value <= bound)
    columns[at === -1 ? columnBounds.length : at]! += 1
  }
  return columns
}
