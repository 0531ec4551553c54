import { joinedBytes } from '../../../core/joined-bytes.ts'

/** A message of the PostgreSQL protocol: its type letter and its bytes, header included. Start-up messages have no letter. */
export interface Frame {
  readonly type: string
  readonly bytes: Uint8Array
}

/** Refuses to buffer a message whose announced length no honest client sends. */
const longestMessage = 1 << 28

/**
 * Cuts a byte stream into protocol messages. The first one has no type letter; after a TLS or GSS request another
 * such message follows, which is what `expectStartup` is for.
 *
 * @see https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export class FrameSplitter {
  #rest = new Uint8Array(0)
  #untyped = true

  expectStartup(): void {
    this.#untyped = true
  }

  push(bytes: Uint8Array): void {
    this.#rest = this.#rest.length === 0 ? bytes.slice() : joinedBytes([this.#rest, bytes])
  }

  /** The next complete message, or nothing yet. */
  next(): Frame | undefined {
    const header = this.#untyped ? 4 : 5
    if (this.#rest.length < header) return undefined
    const length = view(this.#rest).getUint32(header - 4)
    if (length < 4 || length > longestMessage) throw new RangeError('the bytes must be a PostgreSQL protocol message')
    const end = header - 4 + length
    if (this.#rest.length < end) return undefined
    const bytes = this.#rest.slice(0, end)
    this.#rest = this.#rest.slice(end)
    const type = this.#untyped ? '' : String.fromCharCode(bytes[0] ?? 0)
    this.#untyped = false
    return { type, bytes }
  }
}

/** The transaction status of the last ReadyForQuery among complete server messages: `I`dle, `T`ransaction, `E`rror. */
export function lastReadyStatus(bytes: Uint8Array): string | undefined {
  let status: string | undefined
  for (let at = 0; at + 5 <= bytes.length; at += 1 + view(bytes).getUint32(at + 1)) {
    if (bytes[at] === 0x5a) status = String.fromCharCode(bytes[at + 5] ?? 0)
  }
  return status
}

/** Builds a message: type letter, then strings (zero-terminated), 32-bit integers, or raw bytes. */
export function message(type: string, ...parts: readonly (string | number | Uint8Array)[]): Uint8Array {
  const encoder = new TextEncoder()
  const body = joinedBytes(
    parts.map((part) => {
      if (part instanceof Uint8Array) return part
      if (typeof part === 'string') return encoder.encode(`${part}\0`)
      const integer = new Uint8Array(4)
      view(integer).setInt32(0, part)
      return integer
    }),
  )
  const length = new Uint8Array(4)
  view(length).setUint32(0, body.length + 4)
  return joinedBytes([encoder.encode(type), length, body])
}

export function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
