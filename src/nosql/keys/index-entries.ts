import type { IndexModel } from '../contract/index-model.ts'
import { compareValues } from '../query/compare.ts'
import { isObject } from '../query/path.ts'
import { type Document, getField, isArray, type Value } from '../query/value.ts'
import { indexKeys } from './index-keys.ts'

/** What decides the place of documents in an index. */
export interface IndexRules extends Pick<IndexModel, 'key' | 'sparse'> {
  /** Whether a document is in a partial index: its compiled `partialFilterExpression`. @default every document */
  readonly includes?: ((document: Document) => boolean) | undefined
}

/**
 * The keys of a document in an index with an entry per array element, each once; an empty list if the index leaves the
 * document out.
 *
 * @throws DocumentValidationError for a document with two different arrays on the way
 */
export function indexEntries(index: IndexRules, document: Document): readonly (readonly Value[])[] {
  if (index.includes?.(document) === false) return []
  const paths = index.key.map(([path]) => path.split('.'))
  const { keys, multikey, exists } = indexKeys(document, paths)
  if (index.sparse === true && !exists) return []
  if (!multikey) return keys
  const sorted = [...keys].sort(compareEntries)
  // Any but the first has one before it.
  return sorted.filter((key, at) => at === 0 || compareEntries(key, sorted[at - 1] as readonly Value[]) !== 0)
}

/**
 * The place of a document in an index with one entry per document: its values, missing as null; `many` where there is
 * an array at a path or on the way to it; undefined where the index leaves the document out.
 */
export function filedValues(index: IndexRules, document: Document): readonly Value[] | 'many' | undefined {
  if (index.includes?.(document) === false) return undefined
  const values = index.key.map(([path]) => valueAt(document, path.split('.')))
  if (values.includes('array')) return 'many'
  const found = values as readonly ({ readonly value: Value } | undefined)[]
  if (index.sparse === true && found.every((each) => each === undefined)) return undefined
  return found.map((each) => each?.value ?? null)
}

function valueAt(document: Document, parts: readonly string[]): { readonly value: Value } | 'array' | undefined {
  let value: Value | undefined = document
  for (const part of parts) {
    if (isArray(value)) return 'array'
    value = isObject(value) ? getField(value, part) : undefined
  }
  return isArray(value) ? 'array' : value === undefined ? undefined : { value }
}

function compareEntries(a: readonly Value[], b: readonly Value[]): number {
  for (let at = 0; at < a.length; at++) {
    const order = compareValues(a[at], b[at])
    if (order !== 0) return order
  }
  return 0
}
