import { UsageError, type ChunkSource } from '../../src/runtime/index.ts'

const smallestRead = 4096
const largestRead = 262_144

/**
 * Reads a body of any kind. workerd reads its own streams 4 kB at a time, unless it is given a larger
 * buffer: here each buffer is twice what the one before was filled with.
 */
export function readerOf(body: ReadableStream<Uint8Array>, firstSize: number = smallestRead): ChunkSource {
  const reader = byteReaderOf(body)
  if (reader === undefined) return body.getReader()
  let size = firstSize
  return {
    async read() {
      const chunk = await reader.read(new Uint8Array(size))
      size = Math.min(Math.max(smallestRead, 2 * (chunk.value?.byteLength ?? 0)), largestRead)
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
