import type { ChangeStream, ChangeStreamDocument } from 'mongodb'
import { within } from '../../../core/time-limit.ts'
import type { DriverChange, DriverChanges, WatchRequest } from '../../contract/change.ts'
import type { DriverContext } from '../../contract/context.ts'
import { reasonOfEnd, untilEnd } from './transport/call.ts'
import { fromBson } from './codec/codec.ts'
import { toStoreError } from './errors.ts'
import { idOf } from './writing/modify.ts'
import { present } from './reading/present.ts'
import type { Target } from './transport/target.ts'

type Native = Record<string, unknown>
type Event = ChangeStreamDocument<Native>

/** MongoDB 7.0, which splits an event of more than 16 MiB; of others, the stream ends with the error of the server. */
const wireVersionOfSplit = 21

function stagesFor({ held }: Target): Native[] {
  return held.wireVersion() >= wireVersionOfSplit ? [{ $changeStreamSplitLargeEvent: {} }] : []
}

/** Change streams of the server. The vendor opens another one by itself after errors from which it can go on. */
export async function watchChanges(
  target: Target,
  request: WatchRequest,
  context: DriverContext,
): Promise<DriverChanges> {
  const stream = target.collection().watch<Native, Event>(stagesFor(target), {
    ...present({
      resumeAfter: request.after === undefined ? undefined : { _data: request.after },
      fullDocument: request.lookup ? ('updateLookup' as const) : undefined,
    }),
  })
  try {
    // Asks the server for the stream, and does not wait for a change.
    const first = await untilEnd(stream.tryNext(), context.signal, () => reasonOfEnd(context))
    const letGo = target.held.hold()
    let closing: Promise<void> | undefined
    const release = (): Promise<void> => (closing ??= closeStream(stream).finally(letGo))
    // A stream that no caller has begun to read must end, too.
    context.signal?.addEventListener('abort', () => void release(), { once: true })
    return { token: tokenOf(stream.resumeToken), changes: follow(stream, { first, context, release }) }
  } catch (error) {
    void stream.close().catch(() => undefined)
    throw toStoreError(error, 'read')
  }
}

interface Following {
  /** What came with the answer that opened the stream. */
  readonly first: Event | null
  readonly context: DriverContext
  readonly release: () => Promise<void>
}

async function* follow(
  stream: ChangeStream<Native, Event>,
  { first, context, release }: Following,
): AsyncGenerator<readonly DriverChange[], void> {
  const { signal } = context
  const next = () => untilEnd(stream.next(), signal, () => reasonOfEnd(context))
  try {
    for (let part = first ?? (await next()), event: Event | undefined; ; part = await next()) {
      // The last fragment has the token after all of them.
      event = event === undefined ? part : { ...event, ...part }
      if (isFollowed(part)) continue
      // The collection is gone, and the stream with it.
      if (isLast(event)) return
      const change = toChange(event)
      event = undefined
      if (change !== undefined) yield [change]
    }
  } catch (error) {
    if (signal?.aborted !== true) throw toStoreError(error, 'read')
  } finally {
    await release()
  }
}

/** In milliseconds. */
const closeLimit = 1000

/** Has the server forget it, where the server answers. */
async function closeStream(stream: ChangeStream<Native, Event>): Promise<void> {
  await within(stream.close(), closeLimit, 'closing a stream of changes').catch(() => undefined)
}

/** Whether more of the same event follows. */
function isFollowed({ splitEvent }: Event): boolean {
  return splitEvent !== undefined && splitEvent.fragment < splitEvent.of
}

function isLast({ operationType: kind }: Event): boolean {
  return kind === 'drop' || kind === 'rename' || kind === 'dropDatabase' || kind === 'invalidate'
}

/** Undefined for an event that is not about a document. */
function toChange(event: Event): DriverChange | undefined {
  const { operationType: kind } = event
  if (kind !== 'insert' && kind !== 'update' && kind !== 'replace' && kind !== 'delete') return undefined
  const document = 'fullDocument' in event ? (event.fullDocument ?? null) : undefined
  return {
    kind,
    id: idOf(event.documentKey._id),
    // Servers before 6.0 do not say when.
    at: 'wallTime' in event && event.wallTime instanceof Date ? event.wallTime : new Date(),
    token: tokenOf(event._id) ?? '',
    ...(document !== undefined && { document: document && fromBson(document) }),
  }
}

function tokenOf(token: unknown): string | undefined {
  const data: unknown = typeof token === 'object' && token !== null ? Reflect.get(token, '_data') : undefined
  return typeof data === 'string' ? data : undefined
}
