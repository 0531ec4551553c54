import type { DriverContext } from '../contract/context.ts'
import { WriteConflictError } from '../errors.ts'
import type { CatalogIndex, CatalogStorage } from './catalog-record.ts'

export interface CatalogPlace {
  readonly storage: CatalogStorage<DriverContext>
  readonly clock: { readonly sleep: (milliseconds: number) => Promise<void> }
  readonly collection: string
  readonly context: DriverContext
  readonly changed: (collection: string) => void
}

const attempts = 50

/**
 * Changes one index of the stored record. If another client changes the record in between, it is read and changed again. An
 * unchanged index is not written; `undefined` removes the index.
 */
export async function changeIndex(
  { storage, clock, collection, context, changed }: CatalogPlace,
  name: string,
  change: (known: CatalogIndex | undefined, all: readonly CatalogIndex[]) => CatalogIndex | undefined,
): Promise<CatalogIndex | undefined> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const answer = await storage.read(collection, context)
    const all = answer?.record.indexes ?? []
    const known = all.find(({ model }) => model.name === name)
    const next = change(known, all)
    if (next === known) return next
    const others = all.filter((index) => index !== known)
    const record = { indexes: next === undefined ? others : [...others, next] }
    if (await storage.write(collection, { record, before: answer?.revision }, context)) {
      changed(collection)
      return next
    }
    await clock.sleep(attempt * 10)
  }
  throw new WriteConflictError('the catalogue of indexes cannot be written: other clients changed it at each attempt', {
    hint: 'Try again later.',
  })
}
