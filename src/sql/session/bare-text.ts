/** Strings, dollar quotes, quoted names and comments, each as PostgreSQL reads it; block comments nest. */
const quoted =
  /(?<![\w$])[eE]'(?:[^'\\]|\\[^]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*|(?<![\w$])\$(\w*)\$[^]*?\$\1\$/g

/** What a quoted name becomes: a word that no keyword is. */
const name = 'q_'

/**
 * A statement without what its author quoted: strings and comments become a space, quoted names a word that is not a
 * keyword. For questions about keywords, never for sending.
 *
 * @see https://www.postgresql.org/docs/current/sql-syntax-lexical.html
 */
export function bareText(text: string): string {
  const pattern = new RegExp(quoted)
  let bare = ''
  let from = 0
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    bare += text.slice(from, found.index) + (found[0].startsWith('"') ? name : ' ')
    if (found[0] === '/*') pattern.lastIndex = endOfComment(text, found.index)
    from = pattern.lastIndex
  }
  return bare + text.slice(from)
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
