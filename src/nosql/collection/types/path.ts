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

/** Levels left below: after three, any path is accepted. */
type Less = { 3: 2; 2: 1; 1: 0; 0: never }
type Depth = 3 | 2 | 1 | 0

/** The steps into an array: by position in filters, sorts and projections, and in more ways in updates. */
export type Index = `${number}`
export type UpdateStep = Index | '$' | `$[${string}]`

/**
 * The paths of a document with what stands there, as a union of pairs. `Step` is how a path goes into an array. Without one
 * (`never`) there are only paths that can be listed: no patterns, which types that are interfaces cannot have.
 */
export type Entries<T, Step extends string> = EntriesOf<T, Step, '', 3>

type EntriesOf<T, Step extends string, Prefix extends string, D extends Depth> = T extends unknown
  ? { [K in keyof T & string]-?: EntriesAt<`${Prefix}${K}`, Exclude<T[K], undefined>, Step, D> }[keyof T & string]
  : never

type EntriesAt<P extends string, V, Step extends string, D extends Depth> =
  | ([V] extends [(...args: never) => unknown] ? never : readonly [P, V])
  | EntriesBelow<P, V, Step, D>

type EntriesBelow<P extends string, V, Step extends string, D extends Depth> = V extends Leaf
  ? never
  : V extends readonly (infer E)[]
    ? ElementEntries<P, Present<E>, Step, D>
    : IsLoose<V> extends true
      ? AnyEntry<P, RecordValue<V>, Step>
      : [Less[D]] extends [never]
        ? AnyEntry<P, unknown, Step>
        : EntriesOf<V, Step, `${P}.`, Less[D]>

/** Through an array with and without a step. */
type ElementEntries<P extends string, E, Step extends string, D extends Depth> =
  | EntriesBelow<P, E, Step, D>
  | ([Step] extends [never] ? never : EntriesAt<`${P}.${Step}`, E, Step, D>)

/** Whatever is deeper. */
type AnyEntry<P extends string, V, Step extends string> = [Step] extends [never]
  ? never
  : readonly [`${P}.${string}`, V]

type RecordValue<V> = V extends Readonly<Record<string, infer Inner>> ? (Inner extends Leaf ? Inner : unknown) : unknown

/** The dotted paths of a document, of which three levels are checked; any text where its type does not say. */
export type Path<T> = IsLoose<T> extends true ? string : Entries<T, Index>[0] | '_id'

/** What `distinct` finds at a path: the values, array elements one by one. */
export type DistinctAt<T, P extends string> =
  IsLoose<T> extends true ? Value : Known<ElementsOf<P extends '_id' ? IdOf<T> : ValueAt<Entries<T, Index>, P>>>

/** The value of the entry whose path this is. */
type ValueAt<E extends readonly [string, unknown], P extends string> = E extends unknown
  ? P extends E[0]
    ? E[1]
    : never
  : never

type ElementsOf<V> = V extends readonly (infer E)[] ? E : V
type Known<V> = [V] extends [never] ? unknown : V
