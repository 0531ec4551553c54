/**
 * Options of a query that only MongoDB has. The MongoDB driver takes them; all others refuse the operation, so that no
 * condition is silently left out.
 *
 * @example
 * import type { DocumentStore } from 'lexigram-edge/nosql'
 *
 * export const matching = (store: DocumentStore, words: string) =>
 *   store.collection('articles').find({}, { mongodb: { filter: { $text: { $search: words } } } }).toArray()
 */
export interface MongoDbQuery {
  /** Conditions beside the filter, in MongoDB's words: `$text`, `$near`, `$geoWithin`, `$jsonSchema`. Not of `aggregate`. */
  readonly filter?: Readonly<Record<string, unknown>> | undefined
  /** Stages before the pipeline, in MongoDB's words: `$search`, `$vectorSearch`, `$geoNear`. Of `aggregate` only. */
  readonly stages?: readonly Readonly<Record<string, unknown>>[] | undefined
  /** The index to use: its name, or its keys. */
  readonly hint?: string | Readonly<Record<string, unknown>> | undefined
  /** How texts are compared and ordered: `{ locale: 'de', strength: 2 }`. */
  readonly collation?: { readonly locale: string; readonly [option: string]: unknown } | undefined
  /** What the server's logs and profiles say about the operation. */
  readonly comment?: string | undefined
}

/** The option of a query for what is not portable. */
export interface VendorQueryOptions {
  /** What only MongoDB can do. @throws UnsupportedOperationError on other databases */
  readonly mongodb?: MongoDbQuery | undefined
}
