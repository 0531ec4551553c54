import type { DriverContext } from '../../../contract/context.ts'
import { DynamoFailure, toReadError } from '../errors.ts'
import type { Place } from '../place.ts'
import { changesLost, withoutStream } from './stream-errors.ts'

/** The stream of a table, as far as it is needed to find it again. */
export interface TableStream {
  readonly arn: string
  /** Another one for each stream of a table. */
  readonly label: string
  /** Another one for a table that was created again. */
  readonly tableId: string
}

export interface Shard {
  readonly id: string
  readonly parent: string | undefined
  readonly isOpen: boolean
}

interface DescribedTable {
  readonly TableId?: string
  readonly LatestStreamArn?: string
  readonly LatestStreamLabel?: string
  readonly StreamSpecification?: { readonly StreamEnabled?: boolean; readonly StreamViewType?: string }
}

interface DescribedStream {
  readonly StreamStatus?: string
  readonly Shards?: readonly {
    readonly ShardId: string
    readonly ParentShardId?: string
    readonly SequenceNumberRange?: { readonly EndingSequenceNumber?: string }
  }[]
  readonly LastEvaluatedShardId?: string
}

/** @throws UnsupportedOperationError where the table has no stream, or one without the images of its items */
export async function streamOf({ client, table }: Place, context: DriverContext): Promise<TableStream> {
  const answer = await client.call('DescribeTable', { TableName: table }, { context, isIdempotent: true })
  const described = (answer['Table'] ?? {}) as DescribedTable
  const { TableId: tableId = '', LatestStreamArn: arn, LatestStreamLabel: label, StreamSpecification: kind } = described
  const isEnabled = kind?.StreamEnabled === true && kind.StreamViewType === 'NEW_AND_OLD_IMAGES'
  if (!isEnabled || arn === undefined || label === undefined) throw withoutStream()
  return { arn, label, tableId }
}

/** Whether the table that a stream belonged to is there, with or without its stream. */
export async function isTableThere(
  { client, table }: Place,
  { tableId }: TableStream,
  context: DriverContext,
): Promise<boolean> {
  try {
    const answer = await client.call('DescribeTable', { TableName: table }, { context, isIdempotent: true })
    // By the protocol.
    const { TableId: id = '', TableStatus: status } = (answer['Table'] ?? {}) as DescribedTable & {
      TableStatus?: string
    }
    return id === tableId && status !== 'DELETING'
  } catch (error) {
    if (error instanceof DynamoFailure && error.code === 'ResourceNotFoundException') return false
    throw toReadError(error)
  }
}

/** All shards that DynamoDB still has, and whether there will be more. */
export async function shardsOf(
  { client }: Place,
  { arn }: TableStream,
  context: DriverContext,
): Promise<{ readonly shards: readonly Shard[]; readonly isDisabled: boolean }> {
  const shards: Shard[] = []
  let start: string | undefined
  let status: string | undefined
  do {
    const input = { StreamArn: arn, ...(start !== undefined && { ExclusiveStartShardId: start }) }
    const answer = await askStream(() => client.call('DescribeStream', input, { context, isIdempotent: true }))
    const described = (answer['StreamDescription'] ?? {}) as DescribedStream // by the protocol
    for (const { ShardId: id, ParentShardId: parent, SequenceNumberRange: range } of described.Shards ?? [])
      shards.push({ id, parent, isOpen: range?.EndingSequenceNumber === undefined })
    start = described.LastEvaluatedShardId
    status = described.StreamStatus
  } while (start !== undefined)
  return { shards, isDisabled: status === 'DISABLED' || status === 'DISABLING' }
}

/** @throws NoSQLFilterError if DynamoDB has removed the records that are asked for */
export async function askStream<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof DynamoFailure && gone.has(error.code)) throw changesLost(error)
    throw toReadError(error)
  }
}

/** Streams and shards are kept for a day. */
const gone = new Set(['TrimmedDataAccessException', 'ResourceNotFoundException'])
