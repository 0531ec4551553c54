import type { OrderedValue } from './specification.ts'

/** Levels of nesting that `FieldPath` follows; deeper paths are still accepted as text by untyped specifications. */
type Deeper = [never, 0, 1, 2, 3, 4]

type Leaf =
  | string
  | number
  | bigint
  | boolean
  | symbol
  | null
  | undefined
  | Date
  | Uint8Array
  | ((...args: never) => unknown)

type Member<T> = NonNullable<T> extends readonly (infer Element)[] ? NonNullable<Element> : NonNullable<T>

type Untyped<T> = [keyof T] extends [never] ? true : string extends keyof T ? true : false

/**
 * The dotted paths of an entity type: its fields and, through objects and arrays, theirs. An entity type without
 * known fields (`object`, `Record<string, …>`) admits any text.
 */
export type FieldPath<T, Depth extends number = 4> =
  Untyped<T> extends true
    ? string
    : {
        [K in keyof T & string]: T[K] extends (...args: never) => unknown
          ? never
          : [Depth] extends [0]
            ? K
            : K | (Member<T[K]> extends Leaf ? never : `${K}.${FieldPath<Member<T[K]>, Deeper[Depth] & number>}`)
      }[keyof T & string]

/** The type found at a path; `unknown` where the entity type does not say. */
export type FieldValue<T, Path extends string> =
  Untyped<T> extends true
    ? unknown
    : Path extends keyof T
      ? T[Path]
      : Path extends `${infer Head}.${infer Rest}`
        ? Head extends keyof T
          ? FieldValue<Member<T[Head]>, Rest>
          : unknown
        : unknown

type ElementOf<V> = NonNullable<V> extends readonly (infer Element)[] ? Element : never

/** What a field of type `V` may be compared with for equality: itself, an element of it, or null. */
export type EqualityOperand<V> = unknown extends V ? unknown : V | ElementOf<V> | null

/** What a field of type `V` may be ordered against. */
export type OrderOperand<V> = unknown extends V ? OrderedValue : Extract<V | ElementOf<V>, OrderedValue>

/** `string` where a field of type `V` can hold text. */
export type TextOperand<V> = unknown extends V
  ? string
  : Extract<V | ElementOf<V>, string> extends never
    ? never
    : string
