import type { DriverContext } from '../../../contract/context.ts'
import type { WriteOutcome } from '../../../contract/write.ts'
import type { Item } from '../codec/attribute-values.ts'
import { attributes } from '../codec/codec.ts'
import { DynamoFailure } from '../errors.ts'
import type { Place } from '../place.ts'

/** Items of one `BatchWriteItem`. */
export const batchSize = 25

type Requests = readonly { readonly PutRequest: { readonly Item: Item } }[]

/**
 * Puts items under keys that are free, which needs no condition. What DynamoDB leaves unprocessed is sent again until it is
 * done, or there is no time left.
 *
 * @param failed what becomes of an item that an error has met
 * @returns one outcome per item
 */
export async function batchInsert(
  { client, table }: Place,
  items: readonly Item[],
  { context, failed }: { readonly context: DriverContext; readonly failed: (error: unknown) => WriteOutcome },
): Promise<readonly WriteOutcome[]> {
  let left: Requests = items.map((Item) => ({ PutRequest: { Item } }))
  let refusal: WriteOutcome | undefined
  // Once an answer is lost, what is left may be there already, whatever later answers say.
  let mayBeDone = false
  const refuse = (failure: DynamoFailure) => {
    failure.mayBeDone ||= mayBeDone
    return failed(failure)
  }
  for (let attempt = 1; left.length > 0 && refusal === undefined; attempt++) {
    try {
      const input = { RequestItems: { [table]: left } }
      const answer = await client.call('BatchWriteItem', input, { context, isIdempotent: false })
      // By the protocol.
      const unprocessed = answer['UnprocessedItems'] as Readonly<Record<string, Requests>> | undefined
      const rest = unprocessed?.[table] ?? []
      if (rest.length < left.length) attempt = 1
      left = rest
      if (left.length > 0 && !(await client.pause(attempt, context))) {
        refusal = refuse(new DynamoFailure('ProvisionedThroughputExceededException'))
      }
    } catch (error) {
      if (!(error instanceof DynamoFailure)) {
        refusal = failed(error)
        continue
      }
      mayBeDone ||= error.mayBeDone
      // Putting the same items again does no harm.
      const mayRepeat = error.isRetriable && !error.notCarriedOut
      if (!mayRepeat || !(await client.pause(attempt, context))) refusal = refuse(error)
    }
  }
  const missing = new Set(left.map(({ PutRequest }) => keyOf(PutRequest.Item)))
  return items.map((item) => (refusal !== undefined && missing.has(keyOf(item)) ? refusal : { kind: 'written' }))
}

/** Documents have one sort key. */
function keyOf(item: Item): string {
  return String(item[attributes.pk]?.['S'])
}
