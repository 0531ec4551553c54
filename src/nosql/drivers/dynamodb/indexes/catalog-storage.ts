import type { DriverContext } from '../../../contract/context.ts'
import type { CatalogStorage } from '../../../optimistic/catalog-record.ts'
import { recordFromText, recordToText } from '../../../optimistic/catalog-text.ts'
import { attributes, revisionOf } from '../codec/codec.ts'
import { DynamoFailure, toReadError, toWriteFailure } from '../errors.ts'
import type { Place } from '../place.ts'
import { hasRevision, isAbsent, named } from '../writing/steps.ts'

const textAttribute = 'e'

/** Keeps what is known of a collection's indexes in an item of its table. */
export function catalogStorage(placeFor: (collection: string) => Place): CatalogStorage<DriverContext> {
  return {
    async read(collection, context) {
      const { client, table, catalogKey } = placeFor(collection)
      const input = { TableName: table, Key: catalogKey, ConsistentRead: true }
      try {
        const { Item: item } = await client.call('GetItem', input, { context, isIdempotent: true })
        const text = item?.[textAttribute]?.['S']
        if (item === undefined || typeof text !== 'string') return undefined
        return { record: recordFromText(text), revision: revisionOf(item) }
      } catch (error) {
        // Without a table there is no index.
        if (error instanceof DynamoFailure && error.code === 'ResourceNotFoundException') return undefined
        throw toReadError(error)
      }
    },
    async write(collection, { record, before }, context) {
      const place = placeFor(collection)
      const item = {
        ...place.catalogKey,
        ...named(place, 'm'),
        [attributes.id]: { S: collection },
        [attributes.revision]: { S: crypto.randomUUID() },
        [textAttribute]: { S: recordToText(record) },
      }
      const condition = before === undefined ? isAbsent : hasRevision(String(before))
      const input = { TableName: place.table, Item: item, ...condition }
      try {
        // Repeated after a lost answer it fails, and what it has written is read.
        await place.client.call('PutItem', input, { context, isIdempotent: true })
        return true
      } catch (error) {
        if (error instanceof DynamoFailure && error.code === 'ConditionalCheckFailedException') return false
        throw toWriteFailure(error)
      }
    },
  }
}
