import { UsageError, type ChunkSource } from '../../src/runtime/index.ts'

/** How many bytes workerd reads from a native stream at once. */
export const smallestRead = 4096
const largestRead = 262_144

export interface BodyReader extends ChunkSource {
  /** Whether the first read returns as many bytes as it was to wait for, unless the body ends before. */
  readonly keepsMin: boolean
}

/**
 * Reads a body of any kind. workerd reads native streams 4 kB at a time, unless it gets a larger
 * buffer: here each buffer is twice what the one before was filled with.
 *
 * @param first how many bytes the first read may return, and how many it waits for
 */
export function readerOf(
  body: ReadableStream<Uint8Array>,
  first: { readonly size: number; readonly min: number } = { size: smallestRead, min: 1 },
): BodyReader {
  const reader = byteReaderOf(body)
  if (reader === undefined) {
    const chunks = body.getReader()
    return { keepsMin: false, read: () => chunks.read(), cancel: (reason) => chunks.cancel(reason) }
  }
  let { size, min } = first
  return {
    keepsMin: true,
    async read() {
      const chunk = await reader.read(new Uint8Array(size), { min })
      size = Math.min(Math.max(smallestRead, 2 * (chunk.value?.byteLength ?? 0)), largestRead)
      min = 1
      return chunk
    },
    cancel: (reason) => reader.cancel(reason),
  }
}

/** Undefined for a stream whose chunks may be anything. workerd ends the reads of a byte stream that only closes. */
function byteReaderOf(body: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | undefined {
  try {
    return body.getReader({ mode: 'byob' })
  } catch {
    return undefined
  }
}

/** What `read` of a stream may return for workerd to send it on. @throws UsageError for anything else */
export function assertSendable(chunk: unknown): void {
  if (typeof chunk === 'string' || chunk instanceof ArrayBuffer || ArrayBuffer.isView(chunk)) return
  throw new UsageError(`a chunk of the response body must be bytes or text, not ${typeof chunk}`, {
    hint: 'Encode it: new TextEncoder().encode(JSON.stringify(value)).',
  })
}
