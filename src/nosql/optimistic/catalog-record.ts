import type { IndexModel, IndexState } from '../contract/index-model.ts'

/** One index as the catalogue of a collection knows it. */
export interface CatalogIndex {
  readonly model: IndexModel
  /** An index that is `absent` is on its way out: writers no longer keep it, and what it left is being removed. */
  readonly state: IndexState
  /** It is being dropped: the states go backwards. */
  readonly dropping: boolean
  /** When the state was entered, in milliseconds since 1970. */
  readonly since: number
  /** Who moves it on, and until when that is believed. */
  readonly lease: { readonly owner: string; readonly until: number } | undefined
  /** Where indexing the documents goes on, in the driver's own words. */
  readonly cursor: unknown
  readonly documents: number
}

/** What the database holds of the indexes of one collection. */
export interface CatalogRecord {
  readonly indexes: readonly CatalogIndex[]
}

/** Where the records are kept: in the database itself, one for each collection. */
export interface CatalogStorage<Call> {
  /** Undefined when there is none. `revision` is compared with `===`. */
  read(
    collection: string,
    call: Call,
  ): Promise<{ readonly record: CatalogRecord; readonly revision: unknown } | undefined>
  /**
   * On the condition that the record is still what was read; undefined: that there is none.
   *
   * @returns false when another client has written it in between
   */
  write(
    collection: string,
    change: { readonly record: CatalogRecord; readonly before: unknown },
    call: Call,
  ): Promise<boolean>
}

/** Whether writers must keep the index up: from `writing` on, in either direction. */
export function isMaintained({ state }: CatalogIndex): boolean {
  return state !== 'absent'
}

/** Whether readers may use it. */
export function isUsable({ state, dropping }: CatalogIndex): boolean {
  return state === 'ready' && !dropping
}
