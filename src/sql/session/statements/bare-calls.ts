/** What precedes an opening bracket, such as the name of a function, or a keyword. */
export interface BareCall {
  /** In lower case; empty where there is no word. */
  readonly word: string
  /** The word before it, or the sign that is in between. */
  readonly before: string
}

/** PostgreSQL takes every letter beyond ASCII for a part of a name, a no-break space among them. */
const isLetter = (code: number): boolean =>
  code >= 0x80 || code === 0x24 || code === 0x5f || isDigit(code) || (code >= 0x61 && code <= 0x7a)
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39
const isSpace = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d)

/** The brackets of a bare text, in their order. Goes back from each, so that no text takes more than one pass. */
export function* bareCalls(bare: string): Generator<BareCall, void> {
  const text = bare.toLowerCase()
  for (let at = text.indexOf('('); at >= 0; at = text.indexOf('(', at + 1)) {
    const start = startOfWord(text, skipSpaces(text, at))
    const word = text.slice(start, skipSpaces(text, at))
    const beforeEnd = skipSpaces(text, start)
    const beforeStart = startOfWord(text, beforeEnd)
    const before = beforeStart === beforeEnd ? text.slice(beforeEnd - 1, beforeEnd) : text.slice(beforeStart, beforeEnd)
    yield { word, before }
  }
}

/** @returns the end of what precedes the spaces */
function skipSpaces(text: string, end: number): number {
  let at = end
  while (at > 0 && isSpace(text.charCodeAt(at - 1))) at--
  return at
}

function startOfWord(text: string, end: number): number {
  let at = end
  while (at > 0 && isLetter(text.charCodeAt(at - 1))) at--
  return at
}
