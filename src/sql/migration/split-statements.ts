/** What drizzle-kit puts between statements: for SQL a comment, here a boundary. */
const breakpoint = '--> statement-breakpoint'

/** Comments and everything quoted: inside of them a semicolon ends nothing. The last alternative is the boundary. */
const token =
  /--> statement-breakpoint|--[^\n]*|\/\*|'(?:[^']|'')*'|"(?:[^"]|"")*"|(?<![\w$\x80-\uffff])\$(?:[A-Za-z_\x80-\uffff][\w\x80-\uffff]*)?\$|(?<![A-Za-z0-9_$])[Ee]'(?:[^'\\]|\\[\s\S]|'')*'|;/g

/** A statement, and the line of the script on which it begins, from 1. */
export interface ScriptStatement {
  readonly text: string
  readonly line: number
}

/** The texts alone. */
export function splitStatements(script: string): string[] {
  return locateStatements(script).map(({ text }) => text)
}

/**
 * Cuts a script into its statements, without the semicolons. Strings, identifiers, dollar quotes and nested comments
 * are left whole; statements that hold nothing but comments are dropped.
 *
 * @see https://www.postgresql.org/docs/current/sql-syntax-lexical.html
 */
export function locateStatements(script: string): ScriptStatement[] {
  const statements: ScriptStatement[] = []
  let start = 0
  let meaningful = false
  let scanned = 0
  const cut = (end: number, next: number): void => {
    const cutOut = script.slice(start, end)
    const text = cutOut.trim()
    if (text !== '' && meaningful) {
      const before = start + cutOut.length - cutOut.trimStart().length
      statements.push({ text, line: script.slice(0, before).split('\n').length })
    }
    start = next
    meaningful = false
  }
  const pattern = new RegExp(token)
  for (let found = pattern.exec(script); found !== null; found = pattern.exec(script)) {
    const [text] = found
    if (script.slice(scanned, found.index).trim() !== '') meaningful = true
    if (text === ';' || text === breakpoint) cut(found.index, found.index + text.length)
    else if (text === '/*') pattern.lastIndex = endOfComment(script, found.index)
    else if (text.startsWith('$')) pattern.lastIndex = endOfQuote(script, text, found.index)
    if (!text.startsWith('--') && text !== '/*' && text !== ';') meaningful = true
    scanned = pattern.lastIndex
  }
  if (script.slice(scanned).trim() !== '') meaningful = true
  cut(script.length, script.length)
  return statements
}

function endOfQuote(script: string, tag: string, from: number): number {
  const end = script.indexOf(tag, from + tag.length)
  return end < 0 ? script.length : end + tag.length
}

/** Block comments nest in PostgreSQL. */
function endOfComment(script: string, from: number): number {
  const pattern = /\/\*|\*\//g
  pattern.lastIndex = from
  let depth = 0
  for (let found = pattern.exec(script); found !== null; found = pattern.exec(script)) {
    depth += found[0] === '/*' ? 1 : -1
    if (depth === 0) return pattern.lastIndex
  }
  return script.length
}
