/**
 * Reads a response's body to its end; `undefined`, and the body is cancelled, when there are more bytes than `limit`.
 * Rejects with what the body failed with.
 */
export async function readBody(response: Response, limit: number): Promise<Uint8Array | undefined> {
  if (response.body === null) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  // Leaving the loop cancels the body.
  for await (const chunk of response.body) {
    if (!ArrayBuffer.isView(chunk)) throw new TypeError('the chunks of a body must be bytes')
    size += chunk.byteLength
    if (size > limit) return undefined
    chunks.push(chunk)
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)
}
