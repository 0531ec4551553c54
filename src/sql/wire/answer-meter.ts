/** How large the answer to a query may be, and how it is stopped. */
export interface AnswerLimit {
  readonly maxBytes: number
  /** Asks the server to stop. Resolves when it cannot be stopped any more by that, whether it was or not; never rejects. */
  stop(): Promise<void>
  /** Closes the connection: the server goes on although it was asked to stop. */
  cut(): void
}

/** The part of a socket that tells what arrives. */
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
 * Counts what arrives, however it is divided: a single value may have a gigabyte, which a parser of messages collects
 * before anyone sees it. At the limit `onExceeded` is called, once and before the parser sees what is over. When a single
 * message after that reaches the limit too, the connection is cut: nothing else keeps it from being collected.
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
