import { settleAll } from '../../../../core/settle-all.ts'
import type { DriverContext } from '../../../contract/context.ts'
import { bytesOf, type AttributeValue, type Item } from './attribute-values.ts'
import { attributes } from './codec.ts'
import { toReadError, toWriteFailure } from '../errors.ts'
import type { Place } from '../place.ts'

/** Items of a collection, as they lie in its table. */
export interface ItemPage {
  readonly items: readonly Item[]
  /** Where the next page begins; undefined at the end. */
  readonly next: Item | undefined
}

export interface KindOfItem {
  /** Documents, entries of indexes, locks, or the note of the indexes. */
  readonly kind: 'd' | 'i' | 'u' | 'm'
  readonly start?: Item | undefined
  /** Members of the `Scan` that make it a part of one. */
  readonly part?: object | undefined
}

/** A page of the items of a kind. It may be empty before the end. */
export function pageOfKind(place: Place, { kind, start, part }: KindOfItem, context: DriverContext): Promise<ItemPage> {
  const input = {
    FilterExpression: '#c = :c AND #k = :k',
    ExpressionAttributeNames: { '#c': attributes.collection, '#k': attributes.kind },
    ExpressionAttributeValues: { ':c': { S: place.collection }, ':k': { S: kind } },
    ...part,
  }
  return pageOf(place, { operation: 'Scan', input, start }, context)
}

/** A page of the entries in a part of an index. */
export function pageOfEntries(
  place: Place,
  { part, start }: { readonly part: string; readonly start: Item | undefined },
  context: DriverContext,
): Promise<ItemPage> {
  const input = {
    KeyConditionExpression: '#pk = :pk',
    ExpressionAttributeNames: { '#pk': attributes.pk },
    ExpressionAttributeValues: { ':pk': place.entryKey(part, new Uint8Array())[attributes.pk] },
  }
  return pageOf(place, { operation: 'Query', input, start }, context)
}

interface Asked {
  readonly operation: 'Scan' | 'Query'
  readonly input: object
  readonly start: Item | undefined
}

async function pageOf(
  { client, table }: Place,
  { operation, input, start }: Asked,
  context: DriverContext,
): Promise<ItemPage> {
  const from = start === undefined ? {} : { ExclusiveStartKey: start }
  try {
    const whole = { TableName: table, ConsistentRead: true, ...input, ...from }
    const answer = await client.call(operation, whole, { context, isIdempotent: true })
    const last = answer.LastEvaluatedKey
    return {
      items: answer.Items ?? [],
      next: last === undefined ? undefined : keyOfItem(last),
    }
  } catch (error) {
    throw toReadError(error)
  }
}

/** Deletions side by side. */
const parallel = 25

export async function deleteItems(
  { client, table }: Place,
  items: readonly Item[],
  context: DriverContext,
): Promise<void> {
  for (let from = 0; from < items.length; from += parallel) {
    const some = items.slice(from, from + parallel).map((item) => {
      const input = { TableName: table, Key: keyOfItem(item) }
      return client.call('DeleteItem', input, { context, isIdempotent: true })
    })
    const failures = await settleAll(some)
    if (failures.length > 0) throw toWriteFailure(failures[0])
  }
}

/** The key of an item that was read, as any transport sends it. */
export function keyOfItem(item: Item): Item {
  // Both are part of every item.
  const sortKey = bytesOf(item[attributes.sk] as AttributeValue)
  return { [attributes.pk]: item[attributes.pk] as AttributeValue, [attributes.sk]: { B: sortKey } }
}
