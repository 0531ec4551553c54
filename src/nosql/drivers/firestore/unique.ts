import type { IndexModel } from '../../contract/index-model.ts'
import { lockKeys, type UniqueIndex } from '../../keys/lock-keys.ts'
import { compileFilter } from '../../query/filter/compile-filter.ts'
import { parseFilter } from '../../query/filter/parse-filter.ts'
import type { Document } from '../../query/value.ts'
import type { Place } from './place.ts'

/** Collections that this package keeps beside those of the user end in this. */
export const locksSuffix = '~locks'

/** A unique index with what its lock documents need. */
export interface Lock {
  readonly index: IndexModel
  readonly name: string
}

/** The lock documents of a collection's unique indexes. */
export interface Locks {
  /** Those that hold a document's place. */
  of(document: Document): Promise<readonly Lock[]>
}

export function locksOf(place: Place, indexes: readonly IndexModel[]): Locks {
  const unique = indexes.filter((index) => index.unique === true && index.name !== '_id_').map(toUnique)
  return {
    async of(document) {
      const found = await Promise.all(
        unique.map(async ({ index, rules }) => {
          const keys = await lockKeys(rules, document)
          return keys.map((key) => ({
            index,
            name: `${place.transport.root}/${place.collection}${locksSuffix}/${key}`,
          }))
        }),
      )
      return found.flat()
    },
  }
}

function toUnique(index: IndexModel): { readonly index: IndexModel; readonly rules: UniqueIndex } {
  const { partialFilterExpression: partial } = index
  const includes = partial === undefined ? undefined : compileFilter(parseFilter(partial))
  return { index, rules: { ...index, includes } }
}
