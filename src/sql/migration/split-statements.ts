import { quotedParts } from '../../core/quoted-sql.ts'
import { createNesting } from './nesting.ts'

/** What drizzle-kit puts between statements: for SQL a comment, here a boundary. */
const breakpoint = '--> statement-breakpoint'

/** Words, and the signs between them. */
const tokens = /[\w$\x80-\uffff]+|[^\s\w$\x80-\uffff]/g

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
  let nesting = createNesting()
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
    const bare = script.slice(scanned, end)
    for (const { 0: token, index } of bare.matchAll(tokens)) {
      if (token === ';' && nesting.isOutside) {
        cut(scanned + index, scanned + index + 1)
        nesting = createNesting()
      } else {
        // A byte order mark is not part of a word.
        const word = token.trim().toLowerCase()
        if (word !== '') meaningful = true
        nesting.read(word)
      }
    }
  }
  for (const { opening, start: from, end } of quotedParts(script)) {
    readBare(from)
    if (script.startsWith(breakpoint, from)) {
      cut(from, end)
      nesting = createNesting()
    } else if (opening !== '--' && opening !== '/*') meaningful = true
    scanned = end
  }
  readBare(script.length)
  cut(script.length, script.length)
  return statements
}
