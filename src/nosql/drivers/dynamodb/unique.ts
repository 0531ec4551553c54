import type { IndexModel } from '../../contract/index-model.ts'
import { lockKeys, type UniqueIndex } from '../../keys/lock-keys.ts'
import { compileFilter } from '../../query/filter/compile-filter.ts'
import { parseFilter } from '../../query/filter/parse-filter.ts'
import type { Document } from '../../query/value.ts'

/** A place in a unique index. */
export interface Lock {
  readonly index: IndexModel
  readonly name: string
}

/** The lock items that hold a document's places in the collection's unique indexes. */
export function locksOf(indexes: readonly IndexModel[]) {
  const unique = indexes.filter((index) => index.unique === true && index.name !== '_id_').map(toUnique)
  return {
    async of(document: Document): Promise<readonly Lock[]> {
      const found = await Promise.all(
        unique.map(async ({ index, rules }) => (await lockKeys(rules, document)).map((name) => ({ index, name }))),
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
