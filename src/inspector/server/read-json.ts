import type { IncomingMessage } from 'node:http'

/** Most bytes of one batch. */
const limit = 8 * 1024 * 1024
/** Most bytes of all batches that are on their way. */
const limitTogether = 64 * 1024 * 1024

/** The body of a request as JSON; the status to refuse it with, where it is too large, no JSON, or one too many. */
export type ReadJson = (
  message: IncomingMessage,
) => Promise<{ readonly body: unknown } | { readonly status: 400 | 413 | 503 }>

/** Makes what reads bodies, of which those that it reads at a time share a bound. */
export function createReadJson(): ReadJson {
  let together = 0
  return async (message) => {
    const chunks: Buffer[] = []
    let size = 0
    try {
      // Without an encoding a stream of Node yields buffers.
      for await (const chunk of message as AsyncIterable<Buffer>) {
        size += chunk.length
        together += chunk.length
        if (size > limit) return { status: 413 }
        if (together > limitTogether) return { status: 503 }
        chunks.push(chunk)
      }
      return parse(Buffer.concat(chunks).toString())
    } finally {
      together -= size
    }
  }
}

function parse(text: string): { readonly body: unknown } | { readonly status: 400 } {
  try {
    return { body: JSON.parse(text) as unknown }
  } catch {
    return { status: 400 }
  }
}
