/** Where in a statement a reader is: a semicolon inside of brackets, or of the body of a function, ends nothing. */
export interface Nesting {
  readonly isOutside: boolean
  /** Takes the next word or sign, in lower case and without what is quoted. */
  read(token: string): void
}

const routine = /^create (?:or replace )?(?:function|procedure)\b/

/**
 * Follows one statement as psql does: brackets, as in a rule of several commands, and the body of a function that is
 * written without quotes, `begin atomic … end`.
 *
 * @see https://www.postgresql.org/docs/current/sql-createfunction.html
 */
export function createNesting(): Nesting {
  /** The first words: whether it creates a function. */
  let head = ''
  let words = 0
  let last = ''
  let brackets = 0
  let blocks = 0
  return {
    get isOutside() {
      return brackets === 0 && blocks === 0
    },
    read(token) {
      if (words < 4) {
        head += `${token} `
        words++
      }
      if (token === '(') brackets++
      else if (token === ')') brackets = Math.max(0, brackets - 1)
      else if (brackets > 0 || !routine.test(head)) return
      else if (blocks > 0 ? token === 'case' : token === 'atomic' && last === 'begin') blocks++
      else if (token === 'end') blocks = Math.max(0, blocks - 1)
      last = token
    },
  }
}
