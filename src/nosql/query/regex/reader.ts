/** A cursor over the code points of a pattern. */
export class PatternReader {
  readonly #pattern: string
  #at = 0

  constructor(pattern: string) {
    this.#pattern = pattern
  }

  get done(): boolean {
    return this.#at >= this.#pattern.length
  }

  /** The next code point, or another code unit further on; empty at the end. */
  peek(offset = 0): string {
    const point = this.#pattern.codePointAt(this.#at + offset)
    return point === undefined ? '' : String.fromCodePoint(point)
  }

  next(): string {
    const point = this.peek()
    this.#at += point.length
    return point
  }

  /** Skips `text` if it comes next. */
  take(text: string): boolean {
    const found = this.#pattern.startsWith(text, this.#at)
    if (found) this.#at += text.length
    return found
  }

  /** The match of an expression that begins with `^` at this place, skipped. */
  match(expression: RegExp): RegExpExecArray | undefined {
    const found = expression.exec(this.#pattern.slice(this.#at))
    if (found === null) return undefined
    this.#at += found[0].length
    return found
  }

  /** Everything up to `text`, which is skipped too; undefined when it does not come. */
  until(text: string): string | undefined {
    const end = this.#pattern.indexOf(text, this.#at)
    if (end < 0) return undefined
    const read = this.#pattern.slice(this.#at, end)
    this.#at = end + text.length
    return read
  }
}
