/** How large the answer to a query may be, and how it is stopped. */
export interface AnswerLimit {
  readonly maxBytes: number
  /** Asks the server to stop. Resolves once the request has had its effect, if any; never rejects. */
  stop(): Promise<void>
  /** Closes the connection: the server goes on although it was asked to stop. */
  cut(): void
}

/** The part of a socket that emits what arrives. */
export interface MeteredStream {
  prependListener(event: 'data', listener: (bytes: Uint8Array) => void): unknown
  removeListener(event: 'data', listener: (bytes: Uint8Array) => void): unknown
}

/** Counts an answer while it arrives. */
export interface AnswerMeter {
  /** Called for each message of an answer that is too large: it was dropped. */
  onDropped(): void
  end(): void
}

/**
 * Counts bytes as they arrive, because a parser of messages would collect a single value of a gigabyte before anyone sees
 * it. At the limit `onExceeded` is called once, before the parser sees the excess. If a single message after that reaches
 * the limit too, the connection is closed, because nothing else keeps the parser from collecting it.
 */
export function meterAnswer(
  stream: MeteredStream,
  { maxBytes, cut }: AnswerLimit,
  onExceeded: () => void,
): AnswerMeter {
  let bytes = 0
  let exceeded = false
  const count = (chunk: Uint8Array): void => {
    bytes += chunk.length
    if (!exceeded && bytes > maxBytes) {
      exceeded = true
      bytes = 0
      onExceeded()
    } else if (exceeded && bytes > maxBytes + chunkBytes) cut()
  }
  stream.prependListener('data', count)
  return {
    onDropped() {
      bytes = 0
    },
    end: () => void stream.removeListener('data', count),
  }
}

/** A part of an answer may have so many messages. */
const chunkBytes = 1024 * 1024
