import type { DriverChange } from '../../../contract/change.ts'
import type { DriverContext } from '../../../contract/context.ts'
import { changeIn, isDropOf, timeOf, type StreamRecord } from '../document-changes.ts'
import { toReadError } from '../errors.ts'
import type { Place } from '../place.ts'
import { pause } from './pause.ts'
import { placeIn, tokenOf } from './positions.ts'
import { readShard, type RecordPage, type ShardReader } from './shard-reader.ts'
import type { ShardTracker } from './shard-tracker.ts'
import { isTableThere, shardsOf, type TableStream } from './shards.ts'
import { streamDisabled } from './stream-errors.ts'

interface Following {
  readonly place: Place
  readonly stream: TableStream
  readonly tracker: ShardTracker
  /** The caller's position; undefined while it has changes that it may not have read. */
  readonly told: { token: string | undefined }
  readonly pollInterval: number
  readonly lookup: boolean
}

/** In milliseconds: DynamoDB answers five questions a second for a shard. */
const busyInterval = 200
/** In milliseconds: a reader that lags further does not wait. */
const mostBehind = 5000

/** The changes of a collection, shard by shard. */
export async function* follow(
  following: Following,
  context: DriverContext,
): AsyncGenerator<readonly DriverChange[], void> {
  const { place, stream, tracker, told, pollInterval } = following
  try {
    for (;;) {
      let wait = pollInterval
      for (const group of tracker.groups()) {
        const read = async (reader: ShardReader) => [reader, await readShard(following, reader, context)] as const
        for (const [reader, page] of await Promise.all(group.map(read))) {
          wait = Math.min(wait, waitAfter(page))
          const { changes, isDropped } = take(following, reader, page)
          if (changes.length > 0) {
            told.token = undefined
            yield changes
          }
          if (isDropped) return
          told.token = tokenOf(place, stream, tracker.positions())
        }
      }
      if (tracker.isIncomplete) {
        const { shards, isDisabled } = await shardsOf(place, stream, context)
        tracker.adopt(shards)
        if (isDisabled && tracker.readers.size === 0) {
          if (await isTableThere(place, stream, context)) throw streamDisabled()
          return
        }
      }
      await pause(wait, context)
      if (context.signal?.aborted === true) return
    }
  } catch (error) {
    if (context.signal?.aborted !== true) throw toReadError(error)
  }
}

function waitAfter({ records }: RecordPage): number {
  const last = records.at(-1)
  if (last === undefined) return Infinity
  return Date.now() - timeOf(last) > mostBehind ? 0 : busyInterval
}

interface Taken {
  readonly changes: readonly DriverChange[]
  /** The collection was dropped after the changes. */
  readonly isDropped: boolean
}

/** The changes of the collection in a page. Moves the reader to the end of the page. */
function take({ place, stream, tracker, lookup }: Following, reader: ShardReader, page: RecordPage): Taken {
  const changes: DriverChange[] = []
  let base: string | undefined
  for (const record of page.records) {
    const sequenceNumber = record.dynamodb?.SequenceNumber
    if (sequenceNumber !== undefined) reader.position = { kind: 'after', sequenceNumber }
    if (isDropOf(record, place)) return { changes, isDropped: true }
    const change = changeOf(record, place.collection, lookup)
    if (change === undefined) continue
    base ??= tokenOf(place, stream, tracker.positions(reader))
    changes.push({ ...change, token: placeIn(base, reader) })
  }
  const last = page.records.at(-1)
  if (last !== undefined) reader.lag = Math.max(0, Date.now() - timeOf(last))
  if (page.isLast) tracker.end(reader)
  return { changes, isDropped: false }
}

function changeOf(record: StreamRecord, collection: string, lookup: boolean): Omit<DriverChange, 'token'> | undefined {
  const change = changeIn(record, collection)
  if (change === undefined) return undefined
  const { kind, id, after, at, isReplacement } = change
  const hasDocument = kind === 'insert' || isReplacement || (kind === 'update' && lookup)
  return {
    kind: isReplacement ? 'replace' : kind,
    id,
    at: at ?? new Date(),
    ...(hasDocument && { document: after }),
  }
}
