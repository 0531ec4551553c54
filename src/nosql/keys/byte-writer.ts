/** Bytes put together, one after the other. */
export class ByteWriter {
  #bytes = new Uint8Array(64)
  #length = 0

  get length(): number {
    return this.#length
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1)
    this.#bytes[this.#length++] = value
  }

  bytes(values: Uint8Array): void {
    if (this.#length + values.length > this.#bytes.length) this.#grow(values.length)
    this.#bytes.set(values, this.#length)
    this.#length += values.length
  }

  /** Turns every byte from a place on into its opposite, so that what follows is ordered the other way round. */
  invertFrom(start: number): void {
    for (let at = start; at < this.#length; at++) this.#bytes[at] = 0xff - (this.#bytes[at] as number)
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  #grow(by: number): void {
    const next = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + by))
    next.set(this.#bytes)
    this.#bytes = next
  }
}
