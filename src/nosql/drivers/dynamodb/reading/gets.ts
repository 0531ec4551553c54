import type { DriverContext } from '../../../contract/context.ts'
import type { DriverPage, StoredDocument } from '../../../contract/query.ts'
import type { Value } from '../../../query/value.ts'
import type { Item } from '../codec/attribute-values.ts'
import { attributes } from '../codec/codec.ts'
import { DynamoFailure, toReadError } from '../errors.ts'
import type { Place } from '../place.ts'
import { ask } from '../transport/requests.ts'
import { readInTurn, type Open } from './side-by-side.ts'
import { stored } from './stored.ts'

/** Keys of one `BatchGetItem`. */
export const getSize = 100

type Page = DriverPage<StoredDocument>

/** Documents by `_id`, in the order in which they are asked for. */
export function getAll(ids: readonly Value[], wanted: { readonly endsEarly: boolean }): Open<Page> {
  const batches = Array.from({ length: Math.ceil(ids.length / getSize) }, (_each, batch): Open<Page> => {
    const some = ids.slice(batch * getSize, (batch + 1) * getSize)
    return (place, context) => getSome(place, some, context)
  })
  return readInTurn(batches, wanted)
}

export async function getOne(place: Place, id: Value, context: DriverContext): Promise<Page> {
  const Key = place.keyOf(id)
  if (Key === undefined) return { documents: [], scanned: 0, requests: 0 }
  const input = { TableName: place.table, Key, ConsistentRead: true }
  const { Item: item } = await ask(() => place.client.call('GetItem', input, { context, isIdempotent: true }))
  return { documents: item === undefined ? [] : [stored(item)], scanned: 1, requests: 1 }
}

async function* getSome(place: Place, ids: readonly Value[], context: DriverContext): AsyncGenerator<Page, void> {
  const keys = ids.map((id) => place.keyOf(id)).filter((key) => key !== undefined)
  const [id, ...others] = ids
  if (id !== undefined && others.length === 0) yield await getOne(place, id, context)
  else if (keys.length > 0) yield await batchGet(place, keys, context)
}

/** Asks again for keys that DynamoDB has left out, until it has answered all of them. It answers them in any order. */
async function batchGet(place: Place, keys: readonly Item[], context: DriverContext): Promise<Page> {
  const found = new Map<unknown, Item>()
  let left = keys
  let attempt = 0
  let requests = 0
  while (left.length > 0) {
    const input = { RequestItems: { [place.table]: { Keys: left, ConsistentRead: true } } }
    const answer = await ask(() => place.client.call('BatchGetItem', input, { context, isIdempotent: true }))
    requests++
    const items = answer.Responses?.[place.table] ?? []
    for (const item of items) found.set(keyText(item), item)
    // By the protocol.
    const unprocessed = answer['UnprocessedKeys'] as
      | Readonly<Record<string, { readonly Keys: readonly Item[] }>>
      | undefined
    const rest = unprocessed?.[place.table]?.Keys ?? []
    attempt = rest.length < left.length ? 1 : attempt + 1
    left = rest
    if (left.length > 0 && !(await place.client.pause(attempt, context)))
      throw toReadError(new DynamoFailure('ProvisionedThroughputExceededException'))
  }
  const inOrder = keys.map((key) => found.get(keyText(key))).filter((item) => item !== undefined)
  return { documents: inOrder.map(stored), scanned: inOrder.length, requests }
}

const keyText = (item: Item): unknown => item[attributes.pk]?.['S']
