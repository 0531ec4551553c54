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

/** Letters beyond ASCII are letters of names and tags, whatever they are. */
const opening =
  /(?<![\w$\x80-\uffff])[eE]'|'|"|--|\/\*|(?<![\w$\x80-\uffff])\$(?:[A-Za-z_\x80-\uffff][\w\x80-\uffff]*)?\$/g

/**
 * What the author of a text of SQL quoted, as PostgreSQL reads it: block comments nest, a line ends with either of its
 * characters. A backslash counts in strings with an `E` alone, as it does unless the server is told otherwise.
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

/** Each way takes no stack, for a text may have megabytes. */
function endOf(text: string, mark: string, from: number): number | undefined {
  switch (mark) {
    case "'":
    case '"':
      return endOfString(text, mark, from)
    case '--':
      return endOfLine(text, from)
    case '/*':
      return endOfComment(text, from)
  }
  if (mark.endsWith("'")) return endOfEscapes(text, from)
  const end = text.indexOf(mark, from)
  return end < 0 ? undefined : end + mark.length
}

/** A quote is doubled to stand for itself. */
function endOfString(text: string, quote: string, from: number): number | undefined {
  for (let at = text.indexOf(quote, from); at >= 0; at = text.indexOf(quote, at + 2)) {
    if (text[at + 1] !== quote) return at + 1
  }
  return undefined
}

function endOfEscapes(text: string, from: number): number | undefined {
  const pattern = /\\[^]|''|'/g
  pattern.lastIndex = from
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    if (found[0] === "'") return pattern.lastIndex
  }
  return undefined
}

function endOfLine(text: string, from: number): number | undefined {
  const pattern = /[\n\r]/g
  pattern.lastIndex = from
  return pattern.exec(text)?.index
}

function endOfComment(text: string, from: number): number | undefined {
  const pattern = /\/\*|\*\//g
  pattern.lastIndex = from
  let depth = 1
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    depth += found[0] === '/*' ? 1 : -1
    if (depth === 0) return pattern.lastIndex
  }
  return undefined
}
