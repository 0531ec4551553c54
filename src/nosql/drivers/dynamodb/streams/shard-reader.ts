import type { DriverContext } from '../../../contract/context.ts'
import { timeOf, type StreamRecord } from '../document-changes.ts'
import { DynamoFailure } from '../errors.ts'
import type { Place } from '../place.ts'
import type { Position } from './positions.ts'
import { askStream, type TableStream } from './shards.ts'
import { changesLost } from './stream-errors.ts'

/** Records of one shard that follow each other. */
export interface RecordPage {
  readonly records: readonly StreamRecord[]
  /** Whether the shard is closed, and these were its last records. */
  readonly isLast: boolean
}

/** Reads one shard from a position on. */
export interface ShardReader {
  readonly id: string
  /** After what the reader of the changes has received. */
  position: Exclude<Position, { kind: 'end' }>
  /** Undefined until it is asked for, and when it has expired. */
  iterator: string | undefined
  /** Records of before this time were there when the reader began. In milliseconds since 1970. */
  from: number | undefined
  /** How old the last record was when it was read, in milliseconds: those that follow may be as old. */
  lag: number
}

interface Source {
  readonly place: Place
  readonly stream: TableStream
}

/** In milliseconds: records are kept for 24 hours, and may go at any moment after that. */
const retention = 23 * 3_600_000
/** In milliseconds: the times of records are those of another clock. */
const clockDifference = 300_000

/** @throws NoSQLFilterError where records after the position may have been removed */
export async function openShard(
  { place: { client }, stream }: Source,
  reader: ShardReader,
  { isNow = false, context }: { readonly isNow?: boolean; readonly context: DriverContext },
): Promise<void> {
  const { id, position } = reader
  if (position.kind !== 'after' && Date.now() - position.time > retention) throw changesLost()
  const type = isNow ? 'LATEST' : position.kind === 'after' ? 'AFTER_SEQUENCE_NUMBER' : 'TRIM_HORIZON'
  const input = {
    StreamArn: stream.arn,
    ShardId: id,
    ShardIteratorType: type,
    ...(position.kind === 'after' && { SequenceNumber: position.sequenceNumber }),
  }
  const answer = await askStream(() => client.call('GetShardIterator', input, { context, isIdempotent: true }))
  reader.iterator = String(answer['ShardIterator'])
  reader.from = position.kind === 'latest' && !isNow ? position.time - clockDifference : undefined
}

/** The next records of a shard. They count as read once the position of the reader is after them. */
export async function readShard(source: Source, reader: ShardReader, context: DriverContext): Promise<RecordPage> {
  const { client } = source.place
  if (reader.iterator === undefined) await openShard(source, reader, { context })
  const get = () => client.call('GetRecords', { ShardIterator: reader.iterator }, { context, isIdempotent: true })
  const answer = await askStream(async () => {
    try {
      return await get()
    } catch (error) {
      // After 15 minutes in which the reader did not ask.
      if (!(error instanceof DynamoFailure) || error.code !== 'ExpiredIteratorException') throw error
      await openShard(source, reader, { context })
      return get()
    }
  })
  // By the protocol.
  const { Records: records = [], NextShardIterator: next } = answer as {
    readonly Records?: readonly StreamRecord[]
    readonly NextShardIterator?: string
  }
  reader.iterator = next
  const { from } = reader
  const wanted = from === undefined ? records : records.filter((record) => timeOf(record) >= from)
  return { records: wanted, isLast: next === undefined }
}
