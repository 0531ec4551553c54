import { joinedBytes } from '../../../core/joined-bytes.ts'

/**
 * The body as text, or undefined when it has more bytes: it is counted while it arrives, and what comes after the limit
 * is not read.
 */
export async function readBody({ body, headers }: Response, maxBytes: number): Promise<string | undefined> {
  if (body === null) return ''
  // A stated length spares the reading; of a body that is compressed it is another.
  const stated = headers.has('content-encoding') ? 0 : Number(headers.get('content-length') ?? 0)
  if (stated > maxBytes) return leave(body)
  const chunks: Uint8Array[] = []
  let bytes = 0
  const reader = (body as ReadableStream<Uint8Array>).getReader()
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
