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
export type FieldType<T, Path extends string> =
  Untyped<T> extends true
    ? unknown
    : Path extends keyof T
      ? T[Path]
      : Path extends `${infer Head}.${infer Rest}`
        ? Head extends keyof T
          ? FieldType<Member<T[Head]>, Rest>
          : unknown
        : unknown
