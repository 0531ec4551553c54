import { createRecorder, sweeper } from './recorded-writes.ts'
import { createStreamRequests, type StreamReading } from './stream-requests.ts'
import { closeStream, openStream, splitShards, trim, type TableStream } from './table-stream.ts'
import { invalid, type Answer, type Body, type Send } from './transactions.ts'

/** What DynamoDB does to streams by itself, for tests to say when. */
export interface StreamControl extends StreamReading {
  /** Closes the open shards of a table, each of which goes on in one other, or in two. */
  split(table: string, into?: 1 | 2): void
  /** Forgets what is on the stream of a table, as after 24 hours. */
  trim(table: string): void
  disable(table: string): void
}

/** Streams of the tables, and the members of table requests that are about them, which dynalite does not know. */
export function createStreams(send: Send, keysOf: (table: string) => Promise<readonly string[]>) {
  const streams: TableStream[] = []
  /** The latest of a table. */
  const latest = (table: unknown) => streams.findLast((stream) => stream.table === table && stream.isTableThere)
  const requests = createStreamRequests((arn) => streams.find((stream) => stream.arn === arn))
  const recorded = createRecorder({ send, keysOf, streamOf: latest })
  const change = (table: string, given: unknown): void => {
    const { StreamEnabled: isEnabled, StreamViewType: view } = (given ?? {}) as Body
    if (isEnabled === true) streams.push(openStream(table, String(view)))
    else closeLatest(table)
  }
  const closeLatest = (table: string): void => {
    const stream = latest(table)
    if (stream !== undefined) closeStream(stream)
  }
  const onEach = (table: string, work: (stream: TableStream) => void): void =>
    streams.filter((stream) => stream.table === table).forEach(work)
  const control: StreamControl = Object.assign(requests.reading, {
    split: (table: string, into: 1 | 2 = 2) => onEach(table, (stream) => stream.isEnabled && splitShards(stream, into)),
    trim: (table: string) => onEach(table, trim),
    disable: closeLatest,
  })

  return {
    control,
    recorded,
    sweeping: (body: Body, work: () => Promise<Answer>) => recorded(['DeleteItem', body], work, sweeper),
    /** What is answered in place of dynalite; undefined where dynalite is asked. */
    async answer(operation: string, body: Body): Promise<Answer | undefined> {
      const { StreamSpecification: given, ...rest } = body
      const table = String(body['TableName'])
      if (given !== undefined && operation === 'CreateTable') {
        const created = await send(operation, rest)
        if (created.status === 200) change(table, given)
        return created
      }
      if (given !== undefined && operation === 'UpdateTable') {
        const { StreamEnabled: isEnabled } = given as Body
        if (latest(table)?.isEnabled === isEnabled)
          return invalid('the stream of the table cannot change: it is so already')
        const described = await send('DescribeTable', { TableName: table })
        if (described.status !== 200) return described
        change(table, given)
        return { status: 200, body: { TableDescription: withStream(described.body['Table'], latest(table)) } }
      }
      if (operation === 'DescribeTable') {
        const { status, body: found } = await send(operation, body)
        return { status, body: status === 200 ? { Table: withStream(found['Table'], latest(table)) } : found }
      }
      if (operation === 'DeleteTable') {
        const deleted = await send(operation, body)
        if (deleted.status !== 200) return deleted
        closeLatest(table)
        onEach(table, (stream) => (stream.isTableThere = false))
        return deleted
      }
      return requests.answer(operation, body)
    },
  }
}

/** A table that was deleted, and made again, has nothing of the stream of the first. */
function withStream(described: unknown, stream: TableStream | undefined): Body {
  const table = described as Body
  if (stream === undefined) return table
  const StreamSpecification = { StreamEnabled: true, StreamViewType: stream.view }
  return {
    ...table,
    ...(stream.isEnabled && { StreamSpecification }),
    LatestStreamArn: stream.arn,
    LatestStreamLabel: stream.label,
  }
}
