/** Strings, dollar quotes, quoted names and comments, each as PostgreSQL reads it; block comments nest. */
const quotedPart =
  /(?<![\w$])[eE]'(?:[^'\\]|\\[^]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*|(?<![\w$])\$(\w*)\$[^]*?\$\1\$/g

export interface QuotedReplacement {
  /** For a string, a quoted name or a comment, which keeps its quotes; of a block comment only the opening is passed. */
  readonly quoted: (part: string) => string
  /** For what stands between. @default it stays */
  readonly bare?: (part: string) => string
}

/**
 * A statement with what its author quoted replaced. For questions about it and for logs, never for sending.
 *
 * @see https://www.postgresql.org/docs/current/sql-syntax-lexical.html
 */
export function replaceQuoted(text: string, { quoted, bare = unchanged }: QuotedReplacement): string {
  const pattern = new RegExp(quotedPart)
  let replaced = ''
  let from = 0
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    replaced += bare(text.slice(from, found.index)) + quoted(found[0])
    if (found[0] === '/*') pattern.lastIndex = endOfComment(text, found.index)
    from = pattern.lastIndex
  }
  return replaced + bare(text.slice(from))
}

function unchanged(part: string): string {
  return part
}

function endOfComment(text: string, from: number): number {
  const pattern = /\/\*|\*\//g
  pattern.lastIndex = from
  let depth = 0
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    depth += found[0] === '/*' ? 1 : -1
    if (depth === 0) return pattern.lastIndex
  }
  return text.length
}
