import {
  UsageError,
  watchSource,
  type Chunk,
  type ChunkSource,
  type ReportBodyFailure,
  type WatchedBody,
  type WatchedResponse,
} from '../../src/runtime/index.ts'

/** How many bytes workerd reads from a native stream at once. */
const smallestRead = 4096
const largestRead = 262_144

/** Longer bodies are not held in memory as a whole. */
const largestWhole = 1_048_576

declare const FixedLengthStream: new (length: number) => ReadableWritablePair<Uint8Array, Uint8Array>

/**
 * Watches a response in workerd, and keeps its `content-length`.
 *
 * A body that is all there, such as a text, is sent as bytes: nothing of the scope is needed for it any more. The others
 * are read when the client reads. Other ways cost as much, or lose bodies: see decision 0056.
 */
export async function watchResponse(response: Response, report: ReportBodyFailure): Promise<WatchedResponse> {
  // A response without a body is not watched.
  const body = response.body!
  const length = lengthOf(body)
  if (length === undefined || length > largestWhole)
    return watchChunks(response, { source: readerOf(body), length }, report)
  // A small body is read for one byte more than it has: that read has seen the end when it returns.
  const isSmall = length < smallestRead
  const source = readerOf(body, isSmall ? { size: length + 1, min: length + 1 } : { size: length, min: 1 })
  const first = source.read()
  const whole = await wholeAtOnce(first, length)
  if (whole === undefined) return watchChunks(response, { source: startingWith(first, source), length }, report)
  const endSeen = isSmall && source.keepsMin
  const ended = endSeen ? Promise.resolve() : expectEnd(source).catch(report)
  return { response: new Response(whole, response), ended }
}

/** Watches a stream of bytes in workerd, and keeps its length. */
export function watchStream(body: ReadableStream<Uint8Array>, report: ReportBodyFailure): WatchedBody {
  const length = lengthOf(body)
  return watchSource(readerOf(body), report, {
    check: assertSendable,
    ...(length !== undefined && { expectedLength: length }),
  })
}

/** The chunk, if it is there now and is the whole body: bytes in memory take one turn of the event loop. */
async function wholeAtOnce(first: Promise<Chunk>, length: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const turn = new Promise<undefined>((resolve) => setTimeout(resolve, 0))
  // A body that fails is reported when it is read again.
  const chunk = await Promise.race([first.catch(() => undefined), turn])
  if (chunk === undefined) return undefined
  const bytes = chunk.value ?? new Uint8Array()
  // It was read into a buffer that is not shared.
  return bytes.byteLength === length ? (bytes as Uint8Array<ArrayBuffer>) : undefined
}

/** What writes a body learns from the read of its end that all of it has arrived. */
async function expectEnd(source: ChunkSource): Promise<void> {
  const { done } = await source.read()
  if (done) return
  await source.cancel()
  throw new UsageError('the response body must not be longer than its length')
}

function startingWith(first: Promise<Chunk>, rest: ChunkSource): ChunkSource {
  let next: Promise<Chunk> | undefined = first
  return {
    read() {
      const chunk = next ?? rest.read()
      next = undefined
      return chunk
    },
    cancel: (reason) => rest.cancel(reason),
  }
}

interface Chunks {
  readonly source: ChunkSource
  readonly length: number | undefined
}

function watchChunks(response: Response, { source, length }: Chunks, report: ReportBodyFailure): WatchedResponse {
  const encoded = response.headers.has('content-encoding')
  const { readable, ended } = watchSource(source, report, {
    check: assertSendable,
    ...(length !== undefined && !encoded && { expectedLength: length }),
  })
  // Where the runtime may have to encode the body, only its own stream carries a length in both cases.
  const sized = length !== undefined && encoded ? readable.pipeThrough(new FixedLengthStream(length)) : readable
  return { response: new Response(sized, response), ended }
}

/** Where workerd shows a stream's length to `console.log`. The stream does not expose it otherwise. */
const lengthKey = Object.getOwnPropertySymbols(ReadableStream.prototype).find((key) => key.description === 'length')

/**
 * How many bytes a body has, where the runtime knows: it sends them as `content-length`, whatever the header says.
 * Undefined for a stream that ends when it ends, and in a runtime that does not show it.
 *
 * @see https://github.com/cloudflare/workerd/blob/main/src/workerd/api/streams/readable.h
 */
function lengthOf(body: ReadableStream<Uint8Array>): number | undefined {
  // Symbols of the runtime's own are in no type.
  const length: unknown = lengthKey === undefined ? undefined : body[lengthKey as never]
  return typeof length === 'bigint' ? Number(length) : undefined
}

interface BodyReader extends ChunkSource {
  /** Whether the first read returns as many bytes as it was to wait for, unless the body ends before. */
  readonly keepsMin: boolean
}

/**
 * Reads a body of any kind. workerd reads native streams 4 kB at a time, unless it gets a larger
 * buffer: here each buffer is twice what the one before was filled with.
 *
 * @param first how many bytes the first read may return, and how many it waits for
 */
function readerOf(
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
function assertSendable(chunk: unknown): void {
  if (typeof chunk === 'string' || chunk instanceof ArrayBuffer || ArrayBuffer.isView(chunk)) return
  throw new UsageError(`a chunk of the response body must be bytes or text, not ${typeof chunk}`, {
    hint: 'Encode it: new TextEncoder().encode(JSON.stringify(value)).',
  })
}
