import { nearestName } from '../../core/nearest-name.ts'
import type { Token } from '../../core/token.ts'

/**
 * What stands beside a token of `named(base, name)` that is not registered: its name may be misspelt.
 *
 * @returns the end of a message, and a hint where one of the others is near
 */
export function namedSiblings(
  { name }: { readonly name: string },
  registered: Iterable<Token<unknown>>,
): { readonly listed: string; readonly hint: string | undefined } {
  const base = /^(.*\()[^()]*\)$/.exec(name)?.[1]
  const others = base === undefined ? [] : [...registered].map((other) => other.name).filter((n) => n.startsWith(base))
  if (others.length === 0) return { listed: '', hint: undefined }
  const meant = nearestName(name, others)
  return {
    listed: ` (registered: ${others.join(', ')})`,
    hint: meant === undefined ? undefined : `Did you mean ${meant}?`,
  }
}
