import type { Token } from '../../core/token.ts'

/** What is registered under the base of a token of `named(base, name)`, for the end of a message: a name may be misspelt. */
export function namedSiblings(name: string, registered: Iterable<Token<unknown>>): string {
  const [base, isNamed] = name.split('(')
  const others = [...registered].map((other) => other.name).filter((other) => other.startsWith(`${base}(`))
  return isNamed === undefined || others.length === 0 ? '' : ` (registered: ${others.join(', ')})`
}
