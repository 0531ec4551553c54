import type { Answer } from './transactions.ts'

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

/**
 * The answer to a `BatchGetItem`, whose items come in another order than they were asked for.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html "not return items in any particular order"
 */
export function itemsInAnyOrder({ status, body }: Answer): Answer {
  const { Responses } = body as { readonly Responses?: Readonly<Record<string, readonly unknown[]>> }
  if (Responses === undefined) return { status, body }
  const turned = Object.entries(Responses).map(([table, items]) => [table, items.toReversed()] as const)
  return { status, body: { ...body, Responses: Object.fromEntries(turned) } }
}

/** The same for a key each time, so that a failure can be repeated. */
function placeOf(key: string): number {
  let place = 7
  for (const character of key) place = (place * 31 + (character.codePointAt(0) ?? 0)) % 1009
  return place
}
