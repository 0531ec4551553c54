import { normalKey } from './setting/env-name.ts'

/**
 * The name that was probably meant: the same but for case and underscores, or else the nearest that differs in a single
 * place, by two letters swapped, or by at most two and fewer than it shares. Numbered names (`host1`, `host2`) are not taken
 * for each other.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const wanted = normalKey(name)
  let nearest: string | undefined
  let least = Infinity
  for (const other of known) {
    const difference = differenceOf(wanted, normalKey(other))
    if (difference < least) [nearest, least] = [other, difference]
  }
  return nearest
}

/** How many letters differ; Infinity for names that are not near. */
function differenceOf(a: string, b: string): number {
  if (a === b) return 0
  const shorter = Math.min(a.length, b.length)
  let start = 0
  while (start < shorter && a[start] === b[start]) start += 1
  let end = 0
  while (end < shorter - start && a.at(-1 - end) === b.at(-1 - end)) end += 1
  const [one, other] = [a, b].map((name) => name.slice(start, name.length - end))
  const swapped = one?.length === 2 && one === `${other?.[1]}${other?.[0]}`
  const different = swapped ? 1 : Math.max(a.length, b.length) - start - end
  const isNear = different <= 2 && start + end > different && withoutDigits(a) !== withoutDigits(b)
  return isNear ? different : Infinity
}

function withoutDigits(name: string): string {
  return name.replace(/\d/g, '')
}

/** What a hint says where one of several names was meant: the nearest, or else all of them. */
export function meantName(name: string, known: readonly string[]): string {
  return nearestHint(name, known) ?? `Use one of ${known.join(', ')}.`
}

/** The same where there are too many to list. */
export function nearestHint(name: string, known: readonly string[]): string | undefined {
  const nearest = nearestName(name, known)
  return nearest === undefined ? undefined : `Did you mean ${nearest}?`
}
