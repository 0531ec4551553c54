import type { IncomingMessage } from 'node:http'

/** Most bytes of one batch. */
const limit = 8 * 1024 * 1024

/** The body of a request as JSON; the status to refuse it with, where it is too large or no JSON. */
export async function readJson(
  message: IncomingMessage,
): Promise<{ readonly body: unknown } | { readonly status: number }> {
  const chunks: Buffer[] = []
  let size = 0
  // Without an encoding a stream of Node gives buffers.
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) return { status: 413 }
    chunks.push(chunk)
  }
  try {
    return { body: JSON.parse(Buffer.concat(chunks).toString()) as unknown }
  } catch {
    return { status: 400 }
  }
}
