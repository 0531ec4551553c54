import { normalKey } from '../core/setting/env-name.ts'

/**
 * The name that was probably meant: the same but for case and underscores, or else one that differs in a single place,
 * by two letters swapped, or by at most two and fewer than it shares. Numbered names (`host1`, `host2`) are not taken for each other.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const wanted = normalKey(name)
  return known.find((other) => normalKey(other) === wanted) ?? known.find((other) => isNear(wanted, normalKey(other)))
}

function isNear(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length)
  let start = 0
  while (start < shorter && a[start] === b[start]) start += 1
  let end = 0
  while (end < shorter - start && a.at(-1 - end) === b.at(-1 - end)) end += 1
  const [one, other] = [a, b].map((name) => name.slice(start, name.length - end))
  const swapped = one?.length === 2 && one === `${other?.[1]}${other?.[0]}`
  const different = swapped ? 1 : Math.max(a.length, b.length) - start - end
  return different <= 2 && start + end > different && withoutDigits(a) !== withoutDigits(b)
}

function withoutDigits(name: string): string {
  return name.replace(/\d/g, '')
}
