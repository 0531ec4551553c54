/** What a condition may compare a field with. Objects compare as a whole, key order included. */
export type SpecificationValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Date
  | Uint8Array
  | readonly SpecificationValue[]
  | { readonly [field: string]: SpecificationValue }

/** What has an order that is the same on every backend. */
export type OrderedValue = number | bigint | string | Date

/**
 * A condition as plain, frozen data: what SQL and document repositories compile, and what survives a queue.
 *
 * The logic has two values on every backend, as in the document query language: a missing field and `null` are the same
 * for `eq` and `ne`, and `not` is the exact opposite (in SQL: `IS NOT DISTINCT FROM`, and `NOT` over `COALESCE`d parts).
 */
export type SpecificationNode =
  | { readonly kind: 'eq' | 'ne'; readonly field: string; readonly value: SpecificationValue }
  | { readonly kind: 'gt' | 'gte' | 'lt' | 'lte'; readonly field: string; readonly value: OrderedValue }
  | { readonly kind: 'in'; readonly field: string; readonly values: readonly SpecificationValue[] }
  | { readonly kind: 'contains' | 'startsWith'; readonly field: string; readonly value: string }
  | { readonly kind: 'exists'; readonly field: string; readonly value: boolean }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly SpecificationNode[] }
  | { readonly kind: 'not'; readonly operand: SpecificationNode }

declare const subject: unique symbol

/**
 * A condition on entities of type `T`, made by `fieldEq` and its siblings and combined with `and`, `or` and `not`, as
 * functions or as methods. A specification fits every entity that has its fields.
 *
 * TypeScript has no operator overloading: `active & admin` of other languages is `and(active, admin)` here.
 */
export type Specification<T = object> = SpecificationNode & Fluent<T>

/** @internal The methods are not enumerable: printing, comparing and cloning a specification sees its data only. */
export interface Fluent<in T> {
  /** Both this and all others hold. */
  and<U extends T = T>(...others: readonly Specification<U>[]): Specification<U>
  /** This or any other holds. */
  or<U extends T = T>(...others: readonly Specification<U>[]): Specification<U>
  /** This does not hold. */
  not(): Specification<T>
  readonly [subject]?: (entity: T) => void
}
