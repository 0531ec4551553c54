import { MalformedEvent } from './malformed.ts'

/** @throws MalformedEvent which names the member, never its value */
export function textOf(value: unknown, member: string): string {
  if (typeof value === 'string') return value
  throw new MalformedEvent(`${member} of the event is no string`)
}

/** @throws MalformedEvent */
export function optionalTextOf(value: unknown, member: string): string | undefined {
  return value === undefined || value === null ? undefined : textOf(value, member)
}

type Pairs = readonly (readonly [name: string, value: string])[]

/** The values of a member that has one or several for each name. @throws MalformedEvent */
export function pairsOf(value: unknown, member: string): Pairs {
  if (value === undefined || value === null) return []
  if (typeof value !== 'object') throw new MalformedEvent(`${member} of the event is no object`)
  return Object.entries(value).flatMap(([name, given]: [string, unknown]) => {
    if (given === undefined || given === null) return []
    const values: readonly unknown[] = Array.isArray(given) ? given : [given]
    return values.map((one) => [name, textOf(one, `a value of ${member}`)] as const)
  })
}

/** Multiple values win over single ones, which leave some out; events made by hand may have either. */
export function preferMultiValue(multiple: Pairs, single: Pairs): Pairs {
  return multiple.length > 0 ? multiple : single
}
