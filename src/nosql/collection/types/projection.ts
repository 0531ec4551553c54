import type { Document } from '../../query/value.ts'
import type { LooseObject } from './filter.ts'
import type { Entries, Index, IsLoose, Present, UpdateStep } from './path.ts'

type Flag = number | boolean

/** What a projection may ask of a field that is there. */
type OfField = Flag | Operator | Expression | NestedProjection
type Operator = { readonly $slice: number | readonly [skip: number, limit: number] } | { readonly $elemMatch: object }

/** Computes a field, which needs the aggregation engine: `'$price'`, `{ $multiply: ['$price', 2] }`. */
type Expression = `$${string}` | { readonly [operator: `$${string}`]: unknown }
type NestedProjection = { readonly [field: string]: unknown }

type ProjectablePath<T> = Entries<T, UpdateStep>[0] | '_id'

/** Which fields of the documents are wanted (`{ name: 1 }`), or unwanted (`{ password: 0 }`), and which are computed. */
export type Projection<T = Document> =
  IsLoose<T> extends true ? LooseObject : { readonly [P in ProjectablePath<T>]?: OfField }

/** `P` where it is a projection of `T`: its fields exist, or are computed. */
export type CheckedProjection<T, P> =
  IsLoose<T> extends true
    ? LooseObject
    : string extends keyof P
      ? unknown
      : { readonly [K in keyof P]: K extends ProjectablePath<T> ? OfField : Expression }

/** The documents as a projection leaves them: only what it keeps. */
export type Projected<T, P> =
  IsLoose<T> extends true
    ? T
    : [P] extends [never]
      ? T
      : [keyof P] extends [never]
        ? T
        : T extends unknown
          ? Flatten<Kept<T, P, true>>
          : never

type Kept<T, P, Top> = string extends keyof P
  ? Partial<T>
  : Mode<P> extends 'include'
    ? IsPlain<T, P> extends true
      ? Pick<T, PickedKey<T, P, Top>>
      : Included<T, P, Top>
    : Mode<P> extends 'exclude'
      ? Excluded<T, P>
      : Partial<T>

/** Whether only whole fields are listed, as most projections do: the compiler then looks at no other field. */
type IsPlain<T, P> = [keyof P] extends [keyof T] ? ([P[keyof P]] extends [number | boolean] ? true : false) : false
type PickedKey<T, P, Top> = Extract<
  Exclude<keyof P, '_id'> | (Top extends true ? (P extends { readonly _id: 0 | false } ? never : '_id') : never),
  keyof T
>

type Flatten<T> = { [K in keyof T]: T[K] }

/** Whether a projection lists what is wanted or what is unwanted; `unknown` when its type does not show it. */
type Mode<P> =
  ModesOf<P, Exclude<keyof P, '_id'>> extends infer M
    ? [M] extends [never]
      ? P extends { readonly _id: 1 | true }
        ? 'include'
        : 'exclude'
      : 'unknown' extends M
        ? 'unknown'
        : 'include' extends M
          ? 'include'
          : 'exclude'
    : never

type ModesOf<P, K extends keyof P> = K extends unknown ? ModeOf<P[K]> : never
type ModeOf<V> = [V] extends [1 | true]
  ? 'include'
  : [V] extends [0 | false]
    ? 'exclude'
    : [Extract<V, number | boolean | undefined>] extends [never]
      ? V extends { readonly $slice: unknown }
        ? never
        : IsComputed<V> extends true
          ? 'include'
          : Mode<V>
      : 'unknown'

/** An expression, or `$elemMatch`. */
type IsComputed<V> = V extends string ? true : [keyof V & `$${string}`] extends [never] ? false : true

/** The first parts of the paths. */
type Head<P> = P extends `${infer H}.${string}` ? H : P
/** What a projection says below one field. */
type Below<P, F extends string> = { [K in keyof P as K extends `${F}.${infer Rest}` ? Rest : never]: P[K] }

type Included<T, P, Top> = {
  [
    K in keyof T as K extends Head<keyof P> | (Top extends true ? '_id' : never)
      ? K extends '_id'
        ? P extends { readonly _id: 0 | false }
          ? never
          : K
        : K
      : never
  ]: K extends keyof P ? OneIncluded<T[K], P[K]> : K extends '_id' ? T[K] : Inside<T[K], Below<P, K & string>>
} & { -readonly [K in keyof P as K extends keyof T ? never : Head<K> extends keyof T ? never : K]: Computed<P[K]> }

type OneIncluded<V, W> = W extends 1 | true | { readonly $slice: unknown } | { readonly $elemMatch: unknown }
  ? V
  : IsComputed<W> extends true
    ? unknown
    : Inside<V, W>

type Computed<V> = V extends { readonly $literal: infer L } ? L : unknown

type Excluded<T, P> = {
  [K in keyof T as K extends keyof P ? (P[K] extends 0 | false ? never : K) : K]: K extends keyof P
    ? P[K] extends { readonly $slice: unknown }
      ? T[K]
      : Inside<T[K], P[K]>
    : K extends Head<keyof P>
      ? Inside<T[K], Below<P, K & string>>
      : T[K]
}

type Step = '$' | Index

/** The same for the objects inside of a field; an array keeps its elements. */
type Inside<V, P> = V extends readonly (infer E)[]
  ? keyof P extends Step
    ? V
    : Flatten<Kept<Present<E>, P, false>>[]
  : V extends null | undefined | string | number | bigint | boolean | Date | Uint8Array
    ? V
    : IsLoose<V> extends true
      ? V
      : Flatten<Kept<V, P, false>>
