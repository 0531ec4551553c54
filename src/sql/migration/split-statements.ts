import { quotedParts } from '../../core/quoted-sql.ts'

/** What drizzle-kit puts between statements: for SQL a comment, here a boundary. */
const breakpoint = '--> statement-breakpoint'

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
  const readBare = (end: number): void => {
    const parts = script.slice(scanned, end).split(';')
    for (const [i, part] of parts.entries()) {
      scanned += part.length + 1
      if (part.trim() !== '') meaningful = true
      if (i < parts.length - 1) cut(scanned - 1, scanned)
    }
  }
  for (const { opening, start: from, end } of quotedParts(script)) {
    readBare(from)
    if (script.startsWith(breakpoint, from)) cut(from, end)
    else if (opening !== '--' && opening !== '/*') meaningful = true
    scanned = end
  }
  readBare(script.length)
  cut(script.length, script.length)
  return statements
}
