/** One element as text, `null` for NULL, or a nested array. */
export type ArrayElement = string | null | readonly ArrayElement[]

/** A brace, a delimiter, a quoted element, or a bare one; spaces around any of them mean nothing. */
const token = /\s*(?:([{},])|"((?:[^"\\]|\\[^])*)"|([^\s{},"][^{},"]*))\s*/y

/**
 * Reads the text form of a PostgreSQL array, keeping elements as text. Bounds (`[2:3]={…}`) are dropped.
 *
 * @throws SyntaxError when the text is not an array literal
 * @see https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
 */
export function parseArrayLiteral(text: string): ArrayElement[] {
  const scanner = new RegExp(token)
  if (text.startsWith('[')) scanner.lastIndex = text.indexOf('=') + 1
  const next = () => scanner.exec(text) ?? malformed()
  const array = (): ArrayElement[] => {
    const elements: ArrayElement[] = []
    for (;;) {
      const [, mark, quoted, bare] = next()
      if (mark === '}' && elements.length === 0) return elements
      if (mark === '{') elements.push(array())
      else if (quoted !== undefined) elements.push(quoted.replace(/\\([^])/g, '$1'))
      else if (bare !== undefined) elements.push(bare.trimEnd() === 'NULL' ? null : bare.trimEnd())
      else malformed()
      const end = next()[1]
      if (end === '}') return elements
      if (end !== ',') malformed()
    }
  }
  if (next()[1] !== '{') malformed()
  const elements = array()
  return scanner.lastIndex === text.length ? elements : malformed()
}

/** Writes elements, already in text form, as a PostgreSQL array literal. */
export function formatArrayLiteral(elements: readonly ArrayElement[]): string {
  return `{${elements.map(formatElement).join(',')}}`
}

function formatElement(element: ArrayElement): string {
  if (element === null) return 'NULL'
  if (typeof element !== 'string') return formatArrayLiteral(element)
  return `"${element.replace(/[\\"]/g, '\\$&')}"`
}

function malformed(): never {
  throw new SyntaxError('the PostgreSQL array literal must be well-formed')
}
