import type { DocumentId } from '../document-id.ts'
import type { IsLoose, Present } from './path.ts'

/** The type of `_id`: what the documents declare, or any that the store accepts. */
export type IdOf<T> =
  IsLoose<T> extends true
    ? DocumentId
    : T extends { readonly _id?: infer Id }
      ? unknown extends Id
        ? DocumentId
        : Present<Id>
      : DocumentId

type Without<T> = { [K in keyof T as K extends '_id' ? never : K]: T[K] }

/** A document that may leave `_id` out: the collection then makes one, which is text. */
export type OptionalId<T> =
  IsLoose<T> extends true
    ? T
    : T extends unknown
      ? [Extract<IdOf<T>, string>] extends [never]
        ? T
        : Without<T> & { readonly _id?: IdOf<T> }
      : never

/** What takes the place of a document, which keeps its `_id`. */
export type Replacement<T> =
  IsLoose<T> extends true ? T : T extends unknown ? Without<T> & { readonly _id?: IdOf<T> } : never
