import { callContext } from '../store/store-context.ts'
import { assertOptions, must, type OptionCheck } from '../../core/assert-options.ts'
import { isReadablePlainObject } from '../../core/plain-object.ts'
import { UnsupportedOperationError } from '../errors.ts'
import { ChangeStream, type ResumeToken } from './change-stream.ts'
import { assertUnconfined, type CollectionScope, open } from './collection-scope.ts'

/** Options of `watch`. */
export interface ChangeStreamOptions {
  /** Behind this event: the `_id` of one, or `resumeToken` of a stream. @default from now on */
  readonly resumeAfter?: ResumeToken | undefined
  /** `updateLookup`: updates come with the document. @default 'default' */
  readonly fullDocument?: 'default' | 'updateLookup' | undefined
  /** Ends the stream with its reason. */
  readonly signal?: AbortSignal | undefined
}

const checks = {
  resumeAfter: {
    expected: 'the token of an event, { _data: … }',
    holds: (value) => isReadablePlainObject(value) && typeof value['_data'] === 'string',
  },
  fullDocument: must.beOneOf('default', 'updateLookup'),
  signal: must.beSignal,
} satisfies Readonly<Record<keyof ChangeStreamOptions, OptionCheck>>

/** Resolves when the stream is open: it has the changes from then on. */
export async function watch(scope: CollectionScope, given: ChangeStreamOptions): Promise<ChangeStream> {
  const { resumeAfter, fullDocument, signal } = assertOptions(given, checks)
  assertUnconfined(scope, 'watch')
  const { session, name } = scope
  const { store } = session
  if (session.transactional) throw new UnsupportedOperationError('watch cannot run within a transaction')
  signal?.throwIfAborted()
  const collection = await open(scope, { signal })
  if (collection.watch === undefined) {
    throw new UnsupportedOperationError(`the driver '${store.backend.name}' cannot watch changes`, {
      hint: store.backend.insteadOfWatching ?? 'Check store.capabilities.changes first.',
    })
  }
  const stop = new AbortController()
  const end = (): void => {
    stop.abort()
    signal?.removeEventListener('abort', end)
    store.streams.delete(end)
  }
  store.streams.add(end)
  signal?.addEventListener('abort', end, { once: true })
  try {
    const request = { after: resumeAfter?._data, lookup: fullDocument === 'updateLookup' }
    const opened = await collection.watch(request, { ...callContext(session), signal: stop.signal })
    const stream = new ChangeStream(opened, { collection: name, signal, end })
    // Also releases what the backend holds when the stream is no longer read.
    stop.signal.addEventListener('abort', () => void stream.close().catch(() => undefined), { once: true })
    return stream
  } catch (error) {
    end()
    signal?.throwIfAborted()
    throw error
  }
}
