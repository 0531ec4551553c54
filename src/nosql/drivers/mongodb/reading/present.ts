/** The vendor takes an option that is `undefined` for one that was given. */
export function present<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const kept: Record<string, unknown> = {}
  for (const name in options) if (options[name] !== undefined) kept[name] = options[name]
  return kept as never // the same members, without those that are undefined
}
