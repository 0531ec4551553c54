import type { Document } from '../../query/value.ts'
import type { Condition, Filter, LooseObject } from './filter.ts'
import type { ElementOf, Entries, IsLoose, Present, UpdateStep } from './path.ts'
import type { SortOfFields } from './sort.ts'

/** Update operators (`{ $set: … }`), checked against the type of the documents; or a pipeline, which the engine runs. */
export type Update<T = Document> = UpdateOperators<T> | readonly LooseObject[]

type UpdateOperators<T> = IsLoose<T> extends true ? LooseObject : TypedUpdate<T>

/** @see https://www.mongodb.com/docs/manual/reference/operator/update/ */
export interface TypedUpdate<T> {
  readonly $set?: Changes<T, 'value'>
  readonly $setOnInsert?: Changes<T, 'value'>
  readonly $unset?: Changes<T, 'unset'>
  readonly $inc?: Changes<T, 'number'>
  readonly $mul?: Changes<T, 'number'>
  readonly $min?: Changes<T, 'value'>
  readonly $max?: Changes<T, 'value'>
  readonly $bit?: Changes<T, 'bits'>
  readonly $currentDate?: Changes<T, 'date'>
  readonly $rename?: Changes<T, 'name'>
  readonly $push?: Changes<T, 'push'>
  readonly $addToSet?: Changes<T, 'add'>
  readonly $pop?: Changes<T, 'pop'>
  readonly $pull?: Changes<T, 'pull'>
  readonly $pullAll?: Changes<T, 'values'>
}

/** As with filters: an interface fits the first. */
type Changes<T, Kind> = Fields<Entries<T, never>, Kind> | Fields<Entries<T, UpdateStep>, Kind>

type Fields<Entry extends readonly [string, unknown], Kind> = {
  readonly [E in Entry as E[0]]?: Operand<E[1], Kind>
}

/** What an operator takes for a field of type `V`; `never` where it does not work on such a field. */
type Operand<V, Kind> = unknown extends V
  ? unknown
  : Kind extends 'value'
    ? V
    : Kind extends 'number'
      ? OnNumber<V, number | bigint> | OnDecimal<V>
      : Kind extends 'unset'
        ? '' | true | 1
        : Kind extends 'name'
          ? string
          : Kind extends 'bits'
            ? OnNumber<V, BitOperand>
            : Kind extends 'date'
              ? Extract<V, Date> extends never
                ? never
                : boolean | { readonly $type: 'date' }
              : ElementOf<V> extends never
                ? never
                : OnArray<ElementOf<V>, Kind>

/** A decimal takes any number. */
type OnDecimal<V> = Extract<V, Decimal> extends never ? never : Extract<V, Decimal> | number | bigint
interface Decimal {
  readonly _bsontype: 'Decimal128'
}
type OnNumber<V, O> = Extract<V, number | bigint> extends never ? never : O
type OnArray<E, Kind> = Kind extends 'push'
  ? E | PushOperand<E>
  : Kind extends 'add'
    ? E | { readonly $each: readonly E[] }
    : Kind extends 'pop'
      ? 1 | -1
      : Kind extends 'values'
        ? readonly E[]
        : Condition<E> | ElementFields<Present<E>>

interface PushOperand<E> {
  readonly $each: readonly E[]
  readonly $position?: number
  readonly $slice?: number
  readonly $sort?: 1 | -1 | SortOfFields<E>
}

interface BitOperand {
  readonly and?: number | bigint
  readonly or?: number | bigint
  readonly xor?: number | bigint
}

/** Elements that are objects also match by some of their fields. */
type ElementFields<E> = E extends string | number | bigint | boolean | Date | Uint8Array | readonly unknown[]
  ? never
  : Filter<E>
