/** One element as text, `null` for NULL, or a nested array. */
export type ArrayElement = string | null | readonly ArrayElement[]

/**
 * Reads the text form of a PostgreSQL array, keeping elements as text. Bounds (`[2:3]={…}`) are dropped.
 *
 * @throws SyntaxError when the text is not an array literal
 * @see https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
 */
export function parseArrayLiteral(text: string, delimiter = ','): ArrayElement[] {
  const reader = new ArrayReader(text, delimiter)
  return reader.read()
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

class ArrayReader {
  readonly #text: string
  readonly #delimiter: string
  #position = 0

  constructor(text: string, delimiter: string) {
    this.#text = text
    this.#delimiter = delimiter
  }

  read(): ArrayElement[] {
    if (this.#text.startsWith('[')) this.#position = this.#text.indexOf('=') + 1
    this.#skipSpace()
    const elements = this.#array()
    if (this.#position !== this.#text.length) throw malformed()
    return elements
  }

  #array(): ArrayElement[] {
    if (this.#text[this.#position] !== '{') throw malformed()
    this.#position++
    this.#skipSpace()
    const elements: ArrayElement[] = []
    if (this.#text[this.#position] === '}') return this.#close(elements)
    for (;;) {
      elements.push(this.#element())
      this.#skipSpace()
      if (this.#text[this.#position] !== this.#delimiter) break
      this.#position++
    }
    if (this.#text[this.#position] !== '}') throw malformed()
    return this.#close(elements)
  }

  #close(elements: ArrayElement[]): ArrayElement[] {
    this.#position++
    this.#skipSpace()
    return elements
  }

  #element(): ArrayElement {
    this.#skipSpace()
    const first = this.#text[this.#position]
    if (first === '{') return this.#array()
    if (first === '"') return this.#quoted()
    const start = this.#position
    while (this.#position < this.#text.length && !this.#atEnd()) this.#position++
    const bare = this.#text.slice(start, this.#position).trimEnd()
    return bare === 'NULL' ? null : bare
  }

  #quoted(): string {
    let value = ''
    for (this.#position++; this.#position < this.#text.length; this.#position++) {
      const character = this.#text[this.#position]
      if (character === '"') {
        this.#position++
        return value
      }
      if (character === '\\') this.#position++
      value += this.#text[this.#position] ?? ''
    }
    throw malformed()
  }

  #atEnd(): boolean {
    const character = this.#text[this.#position]
    return character === this.#delimiter || character === '}'
  }

  #skipSpace(): void {
    while (/\s/.test(this.#text[this.#position] ?? '')) this.#position++
  }
}

function malformed(): SyntaxError {
  return new SyntaxError('malformed PostgreSQL array literal')
}
