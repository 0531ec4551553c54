import { isDeepStrictEqual } from 'node:util'
import { append, type TableStream } from './table-stream.ts'
import type { Answer, Body, Send } from './transactions.ts'

/** An item that an operation may write. */
interface Written {
  readonly stream: TableStream
  readonly key: Body
}

interface Recorder {
  readonly send: Send
  readonly keysOf: (table: string) => Promise<readonly string[]>
  readonly streamOf: (table: unknown) => TableStream | undefined
}

/** Who deletes what has expired. */
export const sweeper = { type: 'Service', principalId: 'dynamodb.amazonaws.com' }

/**
 * Puts what a write has changed on the stream of its table: the items before and after it. A write that leaves an item as it
 * was has no record. The caller keeps all other requests out meanwhile.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
 */
export function createRecorder({ send, keysOf, streamOf }: Recorder) {
  const itemAt = async ({ stream, key }: Written): Promise<Body | undefined> => {
    const { body } = await send('GetItem', { TableName: stream.table, Key: key, ConsistentRead: true })
    return body['Item'] as Body | undefined
  }
  const toWritten = async (table: unknown, given: Body): Promise<readonly Written[]> => {
    const stream = streamOf(table)
    if (stream?.isEnabled !== true) return []
    const names = await keysOf(String(table))
    return [{ stream, key: Object.fromEntries(names.map((name) => [name, given[name]])) }]
  }
  const writtenBy = async (operation: string, body: Body): Promise<readonly Written[]> => {
    const all: Promise<readonly Written[]>[] = []
    for (const [table, { Key, Item }] of requestsOf(operation, body)) {
      const given = (Key ?? Item) as Body | undefined
      if (given !== undefined) all.push(toWritten(table, given))
    }
    return (await Promise.all(all)).flat()
  }
  return async function recorded(
    [operation, body]: readonly [operation: string, body: Body],
    work: () => Promise<Answer>,
    userIdentity?: Body,
  ): Promise<Answer> {
    const written = await writtenBy(operation, body)
    const before = await Promise.all(written.map(itemAt))
    const answer = await work()
    for (const [index, each] of written.entries()) {
      const images = [before[index], await itemAt(each)] as const
      if (!isDeepStrictEqual(...images)) record(each, images, userIdentity)
    }
    return answer
  }
}

function record({ stream, key }: Written, [before, after]: readonly (Body | undefined)[], userIdentity?: Body): void {
  const partition = JSON.stringify(Object.values(key)[0])
  append(stream, partition, (SequenceNumber) => ({
    eventID: crypto.randomUUID().replaceAll('-', ''),
    eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    ...(userIdentity !== undefined && { userIdentity }),
    dynamodb: {
      // To the second.
      ApproximateCreationDateTime: Math.floor(Date.now() / 1000),
      Keys: key,
      ...(stream.view.includes('NEW') && after !== undefined && { NewImage: after }),
      ...(stream.view.includes('OLD') && before !== undefined && { OldImage: before }),
      SequenceNumber,
      SizeBytes: JSON.stringify([before, after]).length,
      StreamViewType: stream.view,
    },
  }))
}

function requestsOf(operation: string, body: Body): readonly (readonly [table: unknown, request: Body])[] {
  if (operation === 'PutItem' || operation === 'UpdateItem' || operation === 'DeleteItem')
    return [[body['TableName'], body]]
  if (operation === 'TransactWriteItems') {
    const actions = (body['TransactItems'] ?? []) as readonly Readonly<Record<string, Body>>[]
    return actions.flatMap((action) => Object.values(action).map((request) => [request['TableName'], request] as const))
  }
  if (operation !== 'BatchWriteItem') return []
  const tables = (body['RequestItems'] ?? {}) as Readonly<Record<string, readonly Readonly<Record<string, Body>>[]>>
  return Object.entries(tables).flatMap(([table, requests]) =>
    requests.flatMap((request) => Object.values(request).map((each) => [table, each] as const)),
  )
}
