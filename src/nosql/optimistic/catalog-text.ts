import { parseIndex, type IndexModel } from '../contract/index-model.ts'
import { fromTagged, toTagged } from '../query/tagged-json.ts'
import type { CatalogIndex, CatalogRecord } from './catalog-record.ts'

/** A record as text, for databases that keep it in one field. Bytes and dates in it stay what they are. */
export function recordToText({ indexes }: CatalogRecord): string {
  const stored = indexes.map(({ model: { key, ...options }, ...rest }) => ({ ...rest, key, options }))
  return JSON.stringify(toTagged(stored))
}

/** The inverse of {@link recordToText}. */
export function recordFromText(text: string): CatalogRecord {
  // Written by `recordToText`.
  const stored = fromTagged(JSON.parse(text)) as unknown as readonly StoredIndex[]
  return {
    indexes: stored.map(({ key, options, state, dropping, since, lease, cursor, documents }) => ({
      model: parseIndex(key, options),
      state,
      dropping,
      since,
      lease,
      cursor,
      documents,
    })),
  }
}

interface StoredIndex extends Omit<CatalogIndex, 'model'> {
  readonly key: IndexModel['key']
  readonly options: Omit<IndexModel, 'key'>
}
