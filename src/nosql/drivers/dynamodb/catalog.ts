import type { DriverContext } from '../../contract/context.ts'
import { parseIndex, type IndexModel, type IndexState } from '../../contract/index-model.ts'
import type { Item } from './attribute-values.ts'
import { attributes } from './codec.ts'
import { DynamoFailure } from './errors.ts'
import type { Place } from './place.ts'
import { named } from './writes.ts'

export interface CatalogEntry {
  readonly index: IndexModel
  readonly state: IndexState
}

/** The indexes of collections, as they are noted in their tables and remembered here for a while. */
export interface Catalog {
  entriesOf(place: Place, context: DriverContext): Promise<readonly CatalogEntry[]>
  save(place: Place, entries: readonly CatalogEntry[], context: DriverContext): Promise<void>
  forget(place: Place): void
  /** How long an isolate may use what it has read, in milliseconds. */
  readonly lifetime: number
}

const entriesAttribute = 'e'

export function createCatalog(lifetime: number): Catalog {
  const known = new Map<string, { readonly until: number; readonly entries: Promise<readonly CatalogEntry[]> }>()
  const idOf = ({ table, collection }: Place): string => `${table} ${collection}`
  const read = async (place: Place, context: DriverContext): Promise<readonly CatalogEntry[]> => {
    const input = { TableName: place.table, Key: place.catalogKey, ConsistentRead: true }
    try {
      const { Item: item } = await place.client.call('GetItem', input, { context, isIdempotent: true })
      const text = (item as Item | undefined)?.[entriesAttribute]?.['S']
      return typeof text === 'string' ? (JSON.parse(text) as readonly StoredEntry[]).map(fromStored) : []
    } catch (error) {
      // Without a table there is no index.
      if (error instanceof DynamoFailure && error.code === 'ResourceNotFoundException') return []
      throw error
    }
  }
  return {
    lifetime,
    forget: (place) => void known.delete(idOf(place)),
    entriesOf(place, context) {
      const entry = known.get(idOf(place))
      if (entry !== undefined && entry.until > Date.now()) return entry.entries
      const entries = read(place, context)
      known.set(idOf(place), { until: Date.now() + lifetime, entries })
      entries.catch(() => known.delete(idOf(place)))
      return entries
    },
    async save(place, entries, context) {
      const S = JSON.stringify(entries.map(toStored))
      const item = {
        ...place.catalogKey,
        ...named(place, 'm'),
        [attributes.id]: { S: place.collection },
        [entriesAttribute]: { S },
      }
      await place.client.call('PutItem', { TableName: place.table, Item: item }, { context, isIdempotent: true })
      known.set(idOf(place), { until: Date.now() + lifetime, entries: Promise.resolve(entries) })
    },
  }
}

interface StoredEntry {
  readonly state: IndexState
  readonly key: IndexModel['key']
  readonly options: Omit<IndexModel, 'key'>
}

function toStored({ index: { key, ...options }, state }: CatalogEntry): StoredEntry {
  return { state, key, options }
}

function fromStored({ state, key, options }: StoredEntry): CatalogEntry {
  return { index: parseIndex(key, options), state }
}
