/**
 * Where a bound lies among the texts that PostgreSQL stores, in the order of code points: at one of them, or just above
 * or just below one. Undefined where it lies above all of them.
 */
export interface TextPlace {
  readonly text: string
  readonly at: 'it' | 'above' | 'below'
}

/** What no stored text has: a NUL character, or half of a surrogate pair. */
const unstorable = /[\0\p{Surrogate}]/u

export function isStorableText(text: string): boolean {
  return !unstorable.test(text)
}

/** Places every JavaScript text, as `compareOrdered` orders them: a lone surrogate is above all other UTF-16 units. */
export function placeOfText(bound: string): TextPlace | undefined {
  const at = bound.search(unstorable)
  if (at < 0) return { text: bound, at: 'it' }
  const prefix = bound.slice(0, at)
  const unit = bound.charCodeAt(at)
  // Texts that go on after the prefix are above any that go on with NUL.
  if (unit === 0) return { text: prefix, at: 'above' }
  // The first character whose pair begins with this half.
  if (unit < 0xdc00) return { text: prefix + String.fromCharCode(unit, 0xdc00), at: 'below' }
  const next = nextPrefix(prefix)
  return next === undefined ? undefined : { text: next, at: 'below' }
}

/** The lowest text above all that begin with a prefix. */
function nextPrefix(prefix: string): string | undefined {
  const characters = Array.from(prefix)
  for (let last = characters.pop(); last !== undefined; last = characters.pop()) {
    const code = last.codePointAt(0) ?? 0
    if (code < 0x10ffff) return characters.join('') + String.fromCodePoint(code === 0xd7ff ? 0xe000 : code + 1)
  }
  return undefined
}
