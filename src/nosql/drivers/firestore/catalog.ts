import type { DriverContext } from '../../contract/context.ts'
import { parseIndex, type IndexModel, type IndexState } from '../../contract/index-model.ts'
import type { Transport } from './transport.ts'
import type { FirestoreDocument } from './codec.ts'

/** The collection in which this package notes the indexes of the others. */
export const catalogCollection = 'lexigram~indexes'

export interface CatalogEntry {
  readonly index: IndexModel
  readonly state: IndexState
}

/** The indexes of collections, as they are noted in the database and remembered here for a while. */
export interface Catalog {
  entriesOf(collection: string, context: DriverContext): Promise<readonly CatalogEntry[]>
  /** Notes the entries; everyone has seen them after {@link Catalog.lifetime}. */
  save(collection: string, entries: readonly CatalogEntry[], context: DriverContext): Promise<void>
  /** How long an isolate may use what it has read, in milliseconds. */
  readonly lifetime: number
}

export function createCatalog(transport: Transport, lifetime: number): Catalog {
  const known = new Map<string, { readonly until: number; readonly entries: Promise<readonly CatalogEntry[]> }>()
  const nameOf = (collection: string) => `${transport.root}/${catalogCollection}/${collection.replaceAll('/', '|')}`
  const read = async (collection: string, context: DriverContext): Promise<readonly CatalogEntry[]> => {
    const body = { documents: [nameOf(collection)] }
    const answers = (await transport.call('batchGet', body, { context, isIdempotent: true })) as readonly {
      found?: FirestoreDocument
    }[]
    const text = answers.find(({ found }) => found !== undefined)?.found?.fields?.['entries']?.['stringValue']
    return typeof text === 'string' ? (JSON.parse(text) as readonly StoredEntry[]).map(fromStored) : []
  }
  return {
    lifetime,
    entriesOf(collection, context) {
      const entry = known.get(collection)
      if (entry !== undefined && entry.until > Date.now()) return entry.entries
      const entries = read(collection, context)
      known.set(collection, { until: Date.now() + lifetime, entries })
      entries.catch(() => known.delete(collection))
      return entries
    },
    async save(collection, entries, context) {
      const stringValue = JSON.stringify(entries.map(toStored))
      const write = { update: { name: nameOf(collection), fields: { entries: { stringValue } } } }
      await transport.call('commit', { writes: [write] }, { context, isIdempotent: true })
      known.set(collection, { until: Date.now() + lifetime, entries: Promise.resolve(entries) })
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
