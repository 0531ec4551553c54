import type { Value } from '../../query/value.ts'
import type { IdOf } from './stored.ts'

/** What a path ends at. */
type Leaf =
  | string
  | number
  | bigint
  | boolean
  | symbol
  | null
  | undefined
  | Date
  | RegExp
  | Uint8Array
  | { readonly _bsontype: string }
  | ((...args: never) => unknown)

/** Levels left below: after three, any path is accepted. */
type Less = { 3: 2; 2: 1; 1: 0; 0: 0 }
type Depth = keyof Less

/** True for a type that names no fields (`Document`, `object`, `Record<string, …>`, `unknown`): everything is accepted there. */
export type IsLoose<T> = unknown extends T
  ? true
  : [AnyKey<T>] extends [never]
    ? true
    : string extends AnyKey<T>
      ? true
      : false

/** The keys of all members of a union. */
type AnyKey<T> = T extends unknown ? keyof T : never

export type Present<V> = Exclude<V, null | undefined>

/** What the elements of an array are; `never` for anything else. */
export type ElementOf<V> = V extends readonly (infer E)[] ? E : never

/** The objects among the values; of an array, those among its elements. */
type ObjectOf<V> = V extends Leaf ? never : V extends readonly (infer E)[] ? ObjectOf<E> : V

type IsArray<V> = [ElementOf<V>] extends [never] ? false : true

type FieldOf<T> = {
  [K in keyof T & string]-?: Present<T[K]> extends (...args: never) => unknown ? never : K
}[keyof T & string]

/** Dotted paths that can be listed: through objects, and through arrays without an index. Three levels. */
export type NamedPath<T, D extends Depth = 3> = T extends unknown
  ? { [K in FieldOf<T>]: K | NamedBelow<K, ObjectOf<T[K]>, D> }[FieldOf<T>]
  : never

type NamedBelow<K extends string, V, D extends Depth> = [V] extends [never]
  ? never
  : D extends 0
    ? never
    : IsLoose<V> extends true
      ? never
      : `${K}.${NamedPath<V, Less[D]>}`

/** The other ones, as patterns: through an array by `Step`, into a record, and all that is deeper than three levels. */
export type PatternPath<T, Step extends string, D extends Depth = 3> = T extends unknown
  ? { [K in FieldOf<T>]: PatternBelow<K, T[K], Step, D> }[FieldOf<T>]
  : never

type PatternBelow<K extends string, V, Step extends string, D extends Depth> =
  | (IsArray<V> extends true ? `${K}.${Step}` : never)
  | ([ObjectOf<V>] extends [never]
      ? never
      : D extends 0
        ? `${K}.${string}`
        : IsLoose<ObjectOf<V>> extends true
          ? `${K}.${string}`
          :
              | `${K}.${PatternPath<ObjectOf<V>, Step, Less[D]>}`
              | (IsArray<V> extends true
                  ? `${K}.${Step}.${NamedPath<ObjectOf<V>, Less[D]> | PatternPath<ObjectOf<V>, Step, Less[D]>}`
                  : never))

/** By position, in filters. */
export type Index = `${number}`

/** The type of what stands at a path; `unknown` where the type of the document does not say. */
export type ValueAt<T, P extends string> = T extends unknown
  ? IsLoose<T> extends true
    ? ValueInRecord<T, P>
    : P extends keyof T
      ? T[P]
      : P extends `${infer Head}.${infer Rest}`
        ? Head extends keyof T
          ? ValueBelow<Present<T[Head]>, Rest>
          : never
        : string extends P
          ? unknown
          : never
  : never

type ValueInRecord<T, P extends string> =
  T extends Readonly<Record<string, infer V>> ? (P extends `${string}.${string}` ? unknown : V) : unknown

type ValueBelow<V, P extends string> = V extends Leaf
  ? never
  : V extends readonly (infer E)[]
    ? P extends UpdateStep
      ? E
      : P extends `${UpdateStep}.${infer Rest}`
        ? ValueBelow<Present<E>, Rest>
        : ValueBelow<Present<E>, P>
    : ValueAt<V, P>

/** The steps into an array in updates. */
export type UpdateStep = Index | '$' | `$[${string}]`

/** The dotted paths of a document, of which three levels are checked; any text where its type does not say. */
export type Path<T> = IsLoose<T> extends true ? string : NamedPath<T> | PatternPath<T, Index> | '_id'

/** What `distinct` finds at a path: the values, array elements one by one. */
export type DistinctAt<T, P extends string> =
  IsLoose<T> extends true ? Value : Known<Exclude<ElementsOf<P extends '_id' ? IdOf<T> : ValueAt<T, P>>, undefined>>

type Known<V> = [V] extends [never] ? unknown : V

type ElementsOf<V> = V extends readonly (infer E)[] ? E : V
