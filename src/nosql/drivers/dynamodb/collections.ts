import { wait } from '../../../core/wait.ts'
import { TimeoutError } from '../../../core/errors.ts'
import type { DriverContext } from '../../contract/context.ts'
import type { Item } from './codec/attribute-values.ts'
import { attributes, newRevision } from './codec/codec.ts'
import { DynamoFailure } from './errors.ts'
import { deleteItems, pageOfKind } from './codec/items.ts'
import type { Place } from './place.ts'
import { streamSpecification, type TableStreams } from './streams/table-streams.ts'
import type { Client } from './transport/transport.ts'
import { named } from './writing/steps.ts'

export interface NewTables {
  readonly client: Client
  /** Present where they are to have streams. */
  readonly streams: TableStreams | undefined
}

/** Creates a table with the keys that this package needs, and waits until it can be used. False when it was there. */
export async function createTable(
  { client, streams }: NewTables,
  table: string,
  context: DriverContext,
): Promise<boolean> {
  const input = {
    TableName: table,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: attributes.pk, AttributeType: 'S' },
      { AttributeName: attributes.sk, AttributeType: 'B' },
    ],
    KeySchema: [
      { AttributeName: attributes.pk, KeyType: 'HASH' },
      { AttributeName: attributes.sk, KeyType: 'RANGE' },
    ],
    ...(streams !== undefined && { StreamSpecification: streamSpecification }),
  }
  try {
    await client.call('CreateTable', input, { context, isIdempotent: true })
  } catch (error) {
    if (!(error instanceof DynamoFailure) || error.code !== 'ResourceInUseException') throw error
    await untilActive(client, table, context)
    return false
  }
  await untilActive(client, table, context)
  // It costs nothing where no document expires, and can be said once.
  const TimeToLiveSpecification = { AttributeName: attributes.expiry, Enabled: true }
  await client.call('UpdateTimeToLive', { TableName: table, TimeToLiveSpecification }, { context, isIdempotent: true })
  return true
}

/** In milliseconds: a table is there within seconds. */
const longestCreation = 300_000

async function untilActive(client: Client, table: string, context: DriverContext): Promise<void> {
  const end = Date.now() + longestCreation
  for (let pause = 20; ; pause = Math.min(pause * 2, 2000)) {
    const answer = await client.call('DescribeTable', { TableName: table }, { context, isIdempotent: true })
    if ((answer['Table'] as { TableStatus?: string } | undefined)?.TableStatus === 'ACTIVE') return // by the protocol
    context.signal?.throwIfAborted()
    if (Date.now() >= Math.min(end, context.deadline ?? end)) {
      throw new TimeoutError('the table cannot be used yet: DynamoDB is still creating it', {
        hint: 'Try again later.',
      })
    }
    await wait(pause)
  }
}

/** Names of all tables. */
export async function listTables(client: Client, context: DriverContext): Promise<readonly string[]> {
  const all: string[] = []
  let start: unknown
  do {
    const answer = await client.call('ListTables', start === undefined ? {} : { ExclusiveStartTableName: start }, {
      context,
      isIdempotent: true,
    })
    // By the protocol.
    all.push(...((answer['TableNames'] ?? []) as readonly string[]))
    start = answer['LastEvaluatedTableName']
  } while (start !== undefined)
  return all
}

/** The collections that have items in a table: documents, or a note of their indexes. */
export async function collectionsIn(client: Client, table: string, context: DriverContext): Promise<readonly string[]> {
  const names = new Set<string>()
  let start: unknown
  do {
    const input = {
      TableName: table,
      ConsistentRead: true,
      ProjectionExpression: '#c',
      ExpressionAttributeNames: { '#c': attributes.collection },
      ...(start !== undefined && { ExclusiveStartKey: start }),
    }
    const answer = await client.call('Scan', input, { context, isIdempotent: true })
    for (const item of answer.Items ?? []) {
      const name = item[attributes.collection]?.['S']
      if (typeof name === 'string') names.add(name)
    }
    start = answer.LastEvaluatedKey
  } while (start !== undefined)
  return [...names]
}

/** Deletes everything of a collection that shares its table. False when there was nothing. */
export async function emptyCollection(place: Place, context: DriverContext): Promise<boolean> {
  let found = false
  for (const kind of ['d', 'i', 'u', 'm'] as const) {
    let start: Item | undefined
    do {
      const { items, next } = await pageOfKind(place, { kind, start }, context)
      if (!found && items.length > 0) await markAsDropped(place, context)
      await deleteItems(place, items, context)
      found ||= items.length > 0
      start = next
    } while (start !== undefined)
  }
  return found
}

/** Deletions of documents follow, which are not for those who watch. It is deleted at last, with what is noted of indexes. */
async function markAsDropped(place: Place, context: DriverContext): Promise<void> {
  const { client, table: TableName, dropKey } = place
  const Item = { ...dropKey, ...named(place, 'm'), [attributes.revision]: { S: newRevision() } }
  await client.call('PutItem', { TableName, Item }, { context, isIdempotent: true })
}
