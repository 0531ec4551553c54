/** Where workerd shows a stream's length to `console.log`. The stream does not expose it otherwise. */
const lengthKey = Object.getOwnPropertySymbols(ReadableStream.prototype).find((key) => key.description === 'length')

/**
 * How many bytes a body has, where the runtime knows: it sends them as `content-length`, whatever the header says.
 * Undefined for a stream that ends when it ends, and in a runtime that does not show it.
 *
 * @see https://github.com/cloudflare/workerd/blob/main/src/workerd/api/streams/readable.h
 */
export function lengthOf(body: ReadableStream<Uint8Array>): number | undefined {
  // Symbols of the runtime's own are in no type.
  const length: unknown = lengthKey === undefined ? undefined : body[lengthKey as never]
  return typeof length === 'bigint' ? Number(length) : undefined
}
