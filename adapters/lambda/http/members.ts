import { MalformedEvent } from './malformed.ts'

/** @throws MalformedEvent which names the member, never its value */
export function textOf(value: unknown, member: string): string {
  if (typeof value === 'string') return value
  throw new MalformedEvent(`${member} of the event must be a string`)
}

/** @throws MalformedEvent */
export function optionalTextOf(value: unknown, member: string): string | undefined {
  return value === undefined || value === null ? undefined : textOf(value, member)
}

type Pairs = readonly (readonly [name: string, value: string])[]

/** The values of a member that has one or several for each name. @throws MalformedEvent */
export function pairsOf(value: unknown, member: string): Pairs {
  if (value === undefined || value === null) return []
  if (typeof value !== 'object') throw new MalformedEvent(`${member} of the event must be an object`)
  return Object.entries(value).flatMap(([name, given]: [string, unknown]) => {
    if (given === undefined || given === null) return []
    const values: readonly unknown[] = Array.isArray(given) ? given : [given]
    return values.map((one) => [name, textOf(one, `a value of ${member}`)] as const)
  })
}

/** Values by name: all that the member with several for each has, and those of the other one for names that it lacks. */
export function mergeByName(multiple: Pairs, single: Pairs, toName: (name: string) => string = (name) => name): Pairs {
  if (multiple.length === 0) return single
  const names = new Set(multiple.map(([name]) => toName(name)))
  return [...multiple, ...single.filter(([name]) => !names.has(toName(name)))]
}
