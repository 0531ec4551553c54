import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { assertOptions, must } from '../../core/assert-options.ts'
import { UsageError } from '../../core/errors.ts'
import { createInspectorState } from '../receive/inspector-state.ts'
import { inspectorVariable } from '../wire.ts'
import { answer } from './answer.ts'
import { createFollowers } from './events.ts'
import { readPage } from './page.ts'
import { createReadJson } from './read-json.ts'

/** Options of `startInspector`. */
export interface InspectorOptions {
  /** The port on 127.0.0.1. @default 0, any free one */
  readonly port?: number
  /** Most requests and jobs that are kept; older ones give way. @default 500 */
  readonly maxTraces?: number
  /** Most spans that are kept, of all of them together. @default 20000 */
  readonly maxSpans?: number
  /** About how many bytes of memory they take, all of them together. @default 67108864, 64 MiB */
  readonly maxBytes?: number
}

/** A running inspector. */
export interface Inspector extends AsyncDisposable {
  /** Where the page is. */
  readonly url: string
  /** What an application's environment needs to be shown: `LEXIGRAM_INSPECTOR`, with the address. */
  readonly env: Readonly<Record<string, string>>
  /** Ends it; what it has kept is gone. The second call does nothing. */
  close(): Promise<void>
}

const checks = {
  port: must.beWholeNumberFrom(0),
  maxTraces: must.beWholeNumberFrom(1),
  maxSpans: must.beWholeNumberFrom(1),
  maxBytes: must.beWholeNumberFrom(1),
}

/**
 * Starts the inspector: a page that shows applications that are wrapped by `inspect` and have `env` in their environment. It
 * listens on the loopback address of this machine only, and refuses requests by another name and of pages of other sites.
 * It keeps everything in memory, within bounds.
 *
 * @throws UsageError `LEX_ERR_USE_001` when it cannot listen, or an option is not what it must be
 * @example
 * import { startInspector } from 'lexigram-edge/inspector/server'
 *
 * await using inspector = await startInspector()
 * console.log(inspector.url)
 */
export async function startInspector(options: InspectorOptions = {}): Promise<Inspector> {
  const { port = 0, ...bounds } = assertOptions(options, checks, 'the options of startInspector')
  const state = createInspectorState(bounds)
  const followers = createFollowers(state)
  const page = await readPage()
  let bound = 0
  const serving = { state, followers, page, readJson: createReadJson(), port: () => bound }
  // A batch comes from this machine: one that takes longer never ends.
  const server = createServer({ requestTimeout: 30_000 }, (message, response) => {
    // Only a client that disconnects in the middle of its batch fails here.
    answer(serving, message, response).catch(() => response.destroy())
  })
  bound = await new Promise<number>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const reason = `the inspector cannot listen on 127.0.0.1 port ${port} (${cause.code})`
      reject(new UsageError(reason, { hint: 'Choose another port, or 0 for any free one.', cause }))
    })
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)) // it listens on a port
  }).catch((error: unknown) => {
    followers.close()
    throw error
  })
  const url = `http://127.0.0.1:${bound}`
  let closing: Promise<void> | undefined
  const close = (): Promise<void> =>
    (closing ??= new Promise((resolve) => {
      followers.close()
      server.close(() => resolve())
      server.closeAllConnections()
    }))
  return { url, env: { [inspectorVariable]: url }, close, [Symbol.asyncDispose]: close }
}
