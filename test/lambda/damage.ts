import fc from 'fast-check'

export interface Damage {
  readonly at: number
  readonly value: unknown
  readonly drop: boolean
}

/** What may go wrong with an event on its way, or when it is made by hand. */
export const damages: fc.Arbitrary<readonly Damage[]> = fc.array(
  fc.record({
    at: fc.nat(),
    value: fc.oneof(fc.jsonValue(), fc.constantFrom(null, 5, '', 'x', [], {}, ['\u{D800}'], 'a\r\nb: c', '\u{1F600}%')),
    drop: fc.boolean(),
  }),
  { minLength: 1, maxLength: 3 },
)

/** A copy of which members, however deep, are removed or replaced. */
export function damaged(event: unknown, changes: readonly Damage[]): unknown {
  const copy: unknown = structuredClone(event)
  for (const { at, value, drop } of changes) {
    const members = membersOf(copy)
    const found = members[at % Math.max(1, members.length)]
    if (found === undefined) continue
    if (drop) delete found.owner[found.name]
    else found.owner[found.name] = structuredClone(value)
  }
  return copy
}

/** Copies of an event, each with one member replaced. */
export function eachReplaced(event: unknown, value: unknown): readonly unknown[] {
  return membersOf(event).map((_member, at) => damaged(event, [{ at, value, drop: false }]))
}

function membersOf(value: unknown): { owner: Record<string, unknown>; name: string }[] {
  if (typeof value !== 'object' || value === null) return []
  const owner = value as Record<string, unknown>
  return Object.keys(owner).flatMap((name) => [{ owner, name }, ...membersOf(owner[name])])
}
