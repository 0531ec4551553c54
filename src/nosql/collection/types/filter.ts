import type { Document } from '../../query/value.ts'
import type { ElementOf, Entries, Index, IsLoose, Present } from './path.ts'
import type { IdOf } from './stored.ts'

/** What is asked of documents of an unknown type: an object of any fields, also one held in an interface. */
export interface LooseObject {
  // `unknown` would refuse interfaces, which have no index signature.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly [field: string]: any
  /** No list, Map or Set. */
  readonly [Symbol.iterator]?: never
}

/**
 * A filter of the document query language, checked against the type of the documents: fields, dotted paths of up to four
 * fields, operators and the values that they take. Deeper paths are accepted as they are.
 *
 * @see https://www.mongodb.com/docs/manual/reference/operator/query/
 */
export type Filter<T = Document> = IsLoose<T> extends true ? LooseObject : TypedFilter<T>

/** An interface fits the first; the other adds paths that cannot be listed, which an interface never fits. */
type TypedFilter<T> = Fields<T, never> | Fields<T, Index>

/** One mapped type and no intersection: within one the compiler does not distinguish a filter from any other object. */
type Fields<T, Step extends string> = {
  readonly [E in FilterEntry<T, Step> as E[0]]?: E[0] extends keyof RootOperators<T>
    ? RootOperators<T>[E[0]]
    : Condition<E[1]>
}

type FilterEntry<T, Step extends string> = Entries<T, Step> | IdEntry<T> | RootEntry
type IdEntry<T> = T extends { readonly _id?: unknown } ? never : readonly ['_id', IdOf<T>]
type RootEntry = { [K in keyof RootOperators<never>]-?: readonly [K, unknown] }[keyof RootOperators<never>]

interface RootOperators<T> {
  readonly $and?: readonly Filter<T>[]
  readonly $or?: readonly Filter<T>[]
  readonly $nor?: readonly Filter<T>[]
  /** An aggregation expression that must be true. */
  readonly $expr?: unknown
  readonly $comment?: string
  readonly $alwaysTrue?: 1
  readonly $alwaysFalse?: 1
  /** No list, Map or Set; what is asked of documents of an unknown type fits here as well. */
  readonly [Symbol.iterator]?: never
}

type Text<V> = Extract<V, string> extends never ? never : RegExp

/** A value to be equal to, or operators. `null` also matches a missing field. */
export type Condition<V> = unknown extends V ? unknown : Operand<Present<V>> | Text<Match<V>> | Operators<Present<V>>

/** What the operators of a comparison see: the value, and the elements where it is an array. */
type Match<V> = Present<V> | ElementOf<Present<V>>
type Operand<V> = V | ElementOf<V> | null

export type TypeAlias =
  | 'double'
  | 'string'
  | 'object'
  | 'array'
  | 'binData'
  | 'objectId'
  | 'bool'
  | 'date'
  | 'null'
  | 'int'
  | 'long'
  | 'decimal'
  | 'number'

interface Operators<V> {
  readonly $eq?: Operand<V>
  readonly $ne?: Operand<V>
  readonly $gt?: Operand<V>
  readonly $gte?: Operand<V>
  readonly $lt?: Operand<V>
  readonly $lte?: Operand<V>
  readonly $in?: readonly (Operand<V> | Text<Match<V>>)[]
  readonly $nin?: readonly (Operand<V> | Text<Match<V>>)[]
  readonly $not?: Operators<V> | Text<Match<V>>
  readonly $exists?: boolean
  readonly $type?: TypeAlias | number | readonly (TypeAlias | number)[]
  readonly $regex?: Text<Match<V>> extends never ? never : string | RegExp
  readonly $options?: Text<Match<V>> extends never ? never : string
  readonly $mod?: readonly [divisor: number | bigint, remainder: number | bigint]
  readonly $bitsAllSet?: BitMask
  readonly $bitsAllClear?: BitMask
  readonly $bitsAnySet?: BitMask
  readonly $bitsAnyClear?: BitMask
  readonly $size?: ElementOf<V> extends never ? never : number
  readonly $all?: readonly (Operand<V> | Text<Match<V>> | { readonly $elemMatch: ElementFilter<ElementOf<V>> })[]
  readonly $elemMatch?: ElementOf<V> extends never ? never : ElementFilter<ElementOf<V>>
}

type BitMask = number | bigint | Uint8Array | readonly number[]

/** A value of MongoDB's own classes, such as an ObjectId or a Decimal128. */
interface OfVendor {
  readonly _bsontype: string
}

/** The fields of an element that is an object, or the operators that a plain one must pass. */
type ElementFilter<E> = E extends string | number | bigint | boolean | Date | Uint8Array | OfVendor | null
  ? Operators<E>
  : Filter<E>
