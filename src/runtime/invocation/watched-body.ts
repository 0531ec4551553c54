import { assertArgument } from '../../core/assert-argument.ts'
import { assertBytes } from '../../core/assert-bytes.ts'
import { assertOptions, must } from '../../core/assert-options.ts'
import { within } from '../../core/time-limit.ts'

/** Where the bytes of a body come from, one chunk at a time. A reader of a stream is one. */
export interface ChunkSource {
  read(): Promise<Chunk>
  cancel(reason?: unknown): Promise<void>
}

/** The next bytes, or the end. The name of what a reader returns is not among Node's types. */
export type Chunk =
  | { readonly done: false; readonly value: Uint8Array }
  | { readonly done: true; readonly value?: Uint8Array | undefined }

/** A body on its way out. */
export interface WatchedBody {
  readonly readable: ReadableStream<Uint8Array>
  /** Resolves when the body was read to its end, was cancelled, or has failed. Never rejects. */
  readonly ended: Promise<void>
}

/** Called when the source fails, which its reader sees too. A reader who leaves is not a failure. */
export type ReportBodyFailure = (error: unknown) => void

/** What is known about a body that is watched. */
export interface WatchOptions {
  /** How many bytes there will be. Only workerd sends it on. @default not known */
  readonly expectedLength?: number
  /** Throws for a chunk that the runtime cannot send; the body then fails with what it threw. @default none */
  readonly check?: (chunk: unknown) => void
}

/** How long a source may take to stop, in milliseconds: as long as a disposer, unless the application says otherwise. */
const cancelTimeout = 5000

const watchChecks = { expectedLength: must.beWholeNumberFrom(0), check: must.beFunction }

/** Watches a body; see `watchSource`. @throws UsageError `LEX_ERR_USE_001` */
export function watchByPulling(body: ReadableStream<Uint8Array>, report: ReportBodyFailure): WatchedBody {
  assertArgument(body, 'the body', { members: ['getReader'], hint: 'Pass a ReadableStream.' })
  return watchSource(body.getReader(), report, { check: assertBytes })
}

/**
 * A body that reads from `source` when its own reader asks for bytes, so that its end is seen. This costs a third of a
 * `TransformStream` and a pipe, and every kind of stream can be read.
 */
export function watchSource(source: ChunkSource, report: ReportBodyFailure, options: WatchOptions = {}): WatchedBody {
  const { expectedLength, check } = assertOptions(options, watchChecks, 'the options of watchSource')
  let end!: () => void
  const ended = new Promise<void>((resolve) => (end = resolve))
  let left = false
  const fail = (error: unknown): never => {
    report(error)
    end()
    throw error
  }
  // A read that was waiting when the reader left may fail because of that.
  const failUnlessLeft = (error: unknown): never => {
    if (!left) fail(error)
    throw error
  }
  const underlying: UnderlyingDefaultSource<Uint8Array> & { expectedLength?: number } = {
    async pull(controller) {
      const { done, value } = await source.read().catch(failUnlessLeft)
      if (done) {
        controller.close()
        return end()
      }
      try {
        check?.(value)
      } catch (error) {
        // The chunk is the failure that is reported, whether or not its source can be stopped.
        source.cancel(error).catch(() => {})
        fail(error)
      }
      controller.enqueue(value)
    },
    async cancel(reason) {
      left = true
      await within(source.cancel(reason), cancelTimeout, 'cancel').then(end, fail)
    },
  }
  if (expectedLength !== undefined) underlying.expectedLength = expectedLength
  // Nothing is read before it is asked for.
  return { readable: new ReadableStream(underlying, { highWaterMark: 0 }), ended }
}
