/** A string, a quoted name, a dollar quote or a comment of a statement. */
export interface QuotedPart {
  /** What it begins with: `'`, `E'`, `"`, `--`, `/*` or `$tag$`. */
  readonly opening: string
  readonly start: number
  /** Where what follows begins. */
  readonly end: number
  /** Whether it has its end. What is opened and never closed goes to the end of the text, and the database refuses it. */
  readonly isClosed: boolean
}

/** Names and tags may have any letter beyond ASCII. */
const opening =
  /(?<![\w$\x80-\uffff])[eE]'|'|"|--|\/\*|(?<![\w$\x80-\uffff])\$(?:[A-Za-z_\x80-\uffff][\w\x80-\uffff]*)?\$/g

/**
 * What is quoted in a text of SQL, as PostgreSQL reads it: block comments nest, and a line ends with a line feed or a
 * carriage return. A backslash escapes in strings with an `E` only, which is the default of `standard_conforming_strings`.
 *
 * @see https://www.postgresql.org/docs/current/sql-syntax-lexical.html
 */
export function* quotedParts(text: string): Generator<QuotedPart, void> {
  const pattern = new RegExp(opening)
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    const [mark] = found
    const end = endOf(text, mark, pattern.lastIndex)
    pattern.lastIndex = end ?? text.length
    yield { opening: mark, start: found.index, end: pattern.lastIndex, isClosed: end !== undefined || mark === '--' }
  }
}

export interface QuotedReplacement {
  /** For a part with its quotes; of a block comment only the opening is passed. */
  readonly quoted: (part: string, isClosed: boolean) => string
  /** For what stands between. @default it stays */
  readonly bare?: (part: string) => string
}

/** A statement with what its author quoted replaced. For questions about it and for logs, never for sending. */
export function replaceQuoted(text: string, { quoted, bare = unchanged }: QuotedReplacement): string {
  let replaced = ''
  let from = 0
  for (const { opening: mark, start, end, isClosed } of quotedParts(text)) {
    replaced += bare(text.slice(from, start)) + quoted(mark === '/*' ? mark : text.slice(start, end), isClosed)
    from = end
  }
  return replaced + bare(text.slice(from))
}

function unchanged(part: string): string {
  return part
}

/** What closes a part has one character, or is the end of a comment; what only looks like it has two. */
const closings: Readonly<Record<string, RegExp | undefined>> = {
  "'": /''|'/g,
  '"': /""|"/g,
  '--': /[\n\r]/g,
  '/*': /\/\*|\*\//g,
}
const closingOfEscapes = /\\[^]|''|'/g

/** Goes from match to match: one expression for all of it takes more stack than there is for megabytes. */
function endOf(text: string, mark: string, from: number): number | undefined {
  if (mark.startsWith('$')) {
    const at = text.indexOf(mark, from)
    return at < 0 ? undefined : at + mark.length
  }
  const pattern = new RegExp(closings[mark] ?? closingOfEscapes)
  pattern.lastIndex = from
  let depth = 1
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    const [closing] = found
    if (closing === '/*') depth++
    else if (closing === '*/' || closing.length === 1) depth--
    if (depth === 0) return mark === '--' ? found.index : pattern.lastIndex
  }
  return undefined
}
