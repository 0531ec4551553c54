import type { Document } from '../../query/value.ts'
import type { Condition, Filter, LooseObject } from './filter.ts'
import type { ElementOf, IsLoose, NamedPath, PatternPath, Present, UpdateStep, ValueAt } from './path.ts'
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
type Changes<T, Kind extends keyof Operands<unknown>> = [PatternPath<T, UpdateStep>] extends [never]
  ? Fields<T, NamedPath<T>, Kind>
  : Fields<T, NamedPath<T>, Kind> | Fields<T, NamedPath<T> | PatternPath<T, UpdateStep>, Kind>

type Fields<T, P extends string, Kind extends keyof Operands<unknown>> = {
  readonly [K in P]?: Operand<ValueAt<T, K>, Kind>
}
type Operand<V, Kind extends keyof Operands<unknown>> = unknown extends V ? unknown : Operands<V>[Kind]

/** What each operator takes for a field of type `V`; `never` where it does not work on such a field. */
interface Operands<V> {
  readonly value: V
  readonly unset: '' | true | 1
  readonly number: Extract<V, number | bigint> extends never ? never : number | bigint
  readonly bits: Extract<V, number | bigint> extends never ? never : BitOperand
  readonly date: Extract<V, Date> extends never ? never : boolean | { readonly $type: 'date' }
  readonly name: string
  readonly push: ElementOf<V> extends never ? never : ElementOf<V> | PushOperand<ElementOf<V>>
  readonly add: ElementOf<V> extends never ? never : ElementOf<V> | { readonly $each: readonly ElementOf<V>[] }
  readonly pop: ElementOf<V> extends never ? never : 1 | -1
  readonly pull: ElementOf<V> extends never ? never : Condition<ElementOf<V>> | ElementFields<Present<ElementOf<V>>>
  readonly values: ElementOf<V> extends never ? never : readonly ElementOf<V>[]
}

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

/** Elements that are objects are also told by some of their fields. */
type ElementFields<E> = E extends string | number | bigint | boolean | Date | Uint8Array | readonly unknown[]
  ? never
  : Filter<E>
