import { joinedBytes } from '../../../core/joined-bytes.ts'

/**
 * The body as text, or undefined if it has more bytes than the limit. Bytes are counted as they arrive, and none is read
 * beyond the limit.
 */
export async function readBody({ body, headers }: Response, maxBytes: number): Promise<string | undefined> {
  if (body === null) return ''
  // With a stated length nothing is read. That of a compressed body is another length.
  const stated = headers.has('content-encoding') ? 0 : Number(headers.get('content-length') ?? 0)
  if (stated > maxBytes) return leave(body)
  const chunks: Uint8Array[] = []
  let bytes = 0
  const reader = body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return new TextDecoder().decode(joinedBytes(chunks))
    bytes += value.length
    if (bytes > maxBytes) return leave(reader)
    chunks.push(value)
  }
}

/** The rest of the body is of no use, and nothing waits for it. */
function leave(body: { cancel(): Promise<void> }): undefined {
  body.cancel().catch(() => undefined)
}
