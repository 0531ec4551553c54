import { failure, invalid, type Answer, type Body } from './transactions.ts'
import type { Shard, TableStream } from './table-stream.ts'

/** What tests set about how streams are read. */
export interface StreamReading {
  /** Shards in one answer of `DescribeStream`. @default 100 */
  mostShards: number
  /** How many of the next answers of `GetRecords` are empty, though there are records. @default 0 */
  emptyAnswers: number
  /** Iterators that were handed out before are past their fifteen minutes. */
  expireIterators(): void
}

interface Iterator {
  readonly arn: string
  readonly shard: string
  /** How many records of the shard are before it. */
  readonly position: number
  readonly generation: number
}

const longestIds = [28, 65] as const
const mostRecords = 1000

/** Streams are another service, with another endpoint. */
export function isOfStreams(operation: string): boolean {
  return operation === 'DescribeStream' || operation === 'GetShardIterator' || operation === 'GetRecords'
}

/**
 * `DescribeStream`, `GetShardIterator` and `GetRecords`.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB_Streams.html
 */
export function createStreamRequests(streamOf: (arn: unknown) => TableStream | undefined) {
  let generation = 0
  const reading: StreamReading = {
    mostShards: 100,
    emptyAnswers: 0,
    expireIterators: () => void (generation += 1),
  }
  const iteratorAt = (stream: TableStream, shard: Shard, position: number): string => {
    const iterator: Iterator = { arn: stream.arn, shard: shard.id, position, generation }
    return `${stream.arn}|1|${Buffer.from(JSON.stringify(iterator)).toString('base64')}`
  }

  const describe = ({ StreamArn, Limit, ExclusiveStartShardId: start }: Body): Answer => {
    const stream = streamOf(StreamArn)
    if (stream === undefined) return notFound('Stream')
    const from = start === undefined ? 0 : stream.shards.findIndex(({ id }) => id === start) + 1
    const shards = stream.shards.slice(from, from + Math.min(Number(Limit ?? 100), reading.mostShards))
    const last = from + shards.length < stream.shards.length ? shards.at(-1)?.id : undefined
    const StreamDescription = {
      StreamArn,
      StreamLabel: stream.label,
      StreamStatus: stream.isEnabled ? 'ENABLED' : 'DISABLED',
      StreamViewType: stream.view,
      TableName: stream.table,
      Shards: shards.map(describedShard),
      ...(last !== undefined && { LastEvaluatedShardId: last }),
    }
    return { status: 200, body: { StreamDescription } }
  }

  const iterator = ({ StreamArn, ShardId, ShardIteratorType: type, SequenceNumber: number }: Body): Answer => {
    const id = String(ShardId)
    if (id.length < longestIds[0] || id.length > longestIds[1])
      return invalid('shardId must be 28 to 65 characters long')
    const stream = streamOf(StreamArn)
    const shard = stream?.shards.find((each) => each.id === id)
    if (stream === undefined || shard === undefined) return notFound('Shard')
    const position = positionOf(shard, type, number)
    if (typeof position === 'object') return position
    return { status: 200, body: { ShardIterator: iteratorAt(stream, shard, position) } }
  }

  const records = ({ ShardIterator, Limit = mostRecords }: Body): Answer => {
    if (Number(Limit) < 1 || Number(Limit) > mostRecords) return invalid(`limit must be from 1 to ${mostRecords}`)
    const text = String(ShardIterator).split('|').at(-1) ?? ''
    const at = JSON.parse(Buffer.from(text, 'base64').toString() || '{}') as Partial<Iterator>
    const stream = streamOf(at.arn)
    const shard = stream?.shards.find(({ id }) => id === at.shard)
    if (stream === undefined || shard === undefined || at.position === undefined) return notFound('Shard')
    if (at.generation !== generation) return failure('ExpiredIteratorException', 'Iterator expired')
    if (at.position < shard.trimmed) return trimmed()
    const isEmpty = reading.emptyAnswers > 0
    if (isEmpty) reading.emptyAnswers -= 1
    const next = isEmpty ? at.position : Math.min(at.position + Number(Limit), shard.records.length)
    const isOver = shard.last !== undefined && next === shard.records.length
    return {
      status: 200,
      body: {
        Records: shard.records.slice(at.position, next),
        ...(!isOver && { NextShardIterator: iteratorAt(stream, shard, next) }),
      },
    }
  }

  return {
    reading,
    /** Undefined for another operation. */
    answer(operation: string, body: Body): Answer | undefined {
      if (operation === 'DescribeStream') return describe(body)
      if (operation === 'GetShardIterator') return iterator(body)
      return operation === 'GetRecords' ? records(body) : undefined
    },
  }
}

function describedShard({ id, parent, first, last }: Shard): Body {
  return {
    ShardId: id,
    ...(parent !== undefined && { ParentShardId: parent }),
    SequenceNumberRange: { StartingSequenceNumber: first, ...(last !== undefined && { EndingSequenceNumber: last }) },
  }
}

function positionOf(shard: Shard, type: unknown, number: unknown): number | Answer {
  if (type === 'TRIM_HORIZON') return shard.trimmed
  if (type === 'LATEST') return shard.records.length
  if (type !== 'AT_SEQUENCE_NUMBER' && type !== 'AFTER_SEQUENCE_NUMBER')
    return invalid('shardIteratorType must be one of the four')
  if (typeof number !== 'string') return invalid('sequenceNumber must be given for this type of iterator')
  const index = shard.records.findIndex(({ dynamodb }) => dynamodb.SequenceNumber >= number)
  const position = index < 0 ? shard.records.length : index
  const isThere = shard.records[position]?.dynamodb.SequenceNumber === number
  if (position < shard.trimmed) return trimmed()
  return type === 'AFTER_SEQUENCE_NUMBER' && isThere ? position + 1 : position
}

function trimmed(): Answer {
  return failure('TrimmedDataAccessException', 'The requested sequence number is beyond the trim point')
}

function notFound(what: string): Answer {
  return failure('ResourceNotFoundException', `Requested resource not found: ${what}`)
}
