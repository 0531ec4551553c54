/**
 * An answer with the keys of its maps in another order than they were written in: DynamoDB promises none, and dynalite
 * keeps it.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html "The elements are not ordered"
 */
export function keysInAnyOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(keysInAnyOrder)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]) => [key, keysInAnyOrder(inner)] as const)
  return Object.fromEntries(entries.toSorted(([a], [b]) => placeOf(a) - placeOf(b)))
}

/** The same for a key each time, so that a failure can be repeated. */
function placeOf(key: string): number {
  let place = 7
  for (const character of key) place = (place * 31 + (character.codePointAt(0) ?? 0)) % 1009
  return place
}
