import { UsageError } from '../../core/errors.ts'
import {
  fieldEq,
  fieldExists,
  fieldGt,
  fieldGte,
  fieldIn,
  fieldLt,
  fieldLte,
  fieldNe,
} from '../../core/specification/field.ts'
import type {
  EqualityOperand,
  FieldPath,
  FieldValue,
  OrderOperand,
  TextOperand,
} from '../../core/specification/field-path.ts'
import { checkField } from '../../core/specification/operand.ts'
import type { Specification } from '../../core/specification/specification.ts'
import type { Filter } from '../collection/types/filter.ts'
import { checkCount, checkText } from './check-argument.ts'
import { conditionFilter, type Condition } from './condition.ts'
import { allOf, toFilter } from './specification-to-filter.ts'

/**
 * A query as plain data: `const { filter, ...options } = query; users.find(filter, options)`. `P` is what was selected or
 * excluded; `never` for whole documents.
 */
export type DocumentQuery<P = never> = QueryParts & ([P] extends [never] ? unknown : { readonly projection: P })

interface QueryParts {
  readonly filter: Filter
  /** Its paths were checked by the builder, so that it fits every find. */
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly sort?: readonly (readonly [field: any, direction: 1 | -1])[]
  readonly skip?: number
  readonly limit?: number
}

interface State extends Omit<QueryParts, 'filter'> {
  readonly conditions: readonly Filter[]
  readonly projection?: Readonly<Record<string, 0 | 1>>
}

type Both<P, Q> = [P] extends [never] ? Q : P & Q

/**
 * Builds a query step by step. Every step returns a new builder, so that a base query can be shared. All conditions must
 * hold, also two on one field. Values are data, never operators.
 *
 * @example
 * import { DocumentQueryBuilder } from 'lexigram-edge/nosql'
 *
 * const { filter, ...options } = new DocumentQueryBuilder<Product>()
 *   .whereGte('price', 10).whereLte('price', 100).sortBy('price', 'desc').limit(20).build()
 * const products = await store.collection('products').find(filter, options).toArray()
 */
export class DocumentQueryBuilder<T = object, P = never> {
  #state: State = { conditions: [] }

  where<F extends FieldPath<T>>(field: F, value: EqualityOperand<FieldValue<T, F>>): DocumentQueryBuilder<T, P> {
    return this.#and(fieldEq(field, value))
  }

  whereNe<F extends FieldPath<T>>(field: F, value: EqualityOperand<FieldValue<T, F>>): DocumentQueryBuilder<T, P> {
    return this.#and(fieldNe(field, value))
  }

  whereGt<F extends FieldPath<T>>(field: F, value: OrderOperand<FieldValue<T, F>>): DocumentQueryBuilder<T, P> {
    return this.#and(fieldGt(field, value))
  }

  whereGte<F extends FieldPath<T>>(field: F, value: OrderOperand<FieldValue<T, F>>): DocumentQueryBuilder<T, P> {
    return this.#and(fieldGte(field, value))
  }

  whereLt<F extends FieldPath<T>>(field: F, value: OrderOperand<FieldValue<T, F>>): DocumentQueryBuilder<T, P> {
    return this.#and(fieldLt(field, value))
  }

  whereLte<F extends FieldPath<T>>(field: F, value: OrderOperand<FieldValue<T, F>>): DocumentQueryBuilder<T, P> {
    return this.#and(fieldLte(field, value))
  }

  /** From `low` to `high`, both included. */
  whereBetween<F extends FieldPath<T>>(
    field: F,
    low: OrderOperand<FieldValue<T, F>>,
    high: OrderOperand<FieldValue<T, F>>,
  ): DocumentQueryBuilder<T, P> {
    return this.whereGte(field, low).whereLte(field, high)
  }

  whereIn<F extends FieldPath<T>>(
    field: F,
    values: readonly EqualityOperand<FieldValue<T, F>>[],
  ): DocumentQueryBuilder<T, P> {
    return this.#and(fieldIn(field, values))
  }

  whereNotIn<F extends FieldPath<T>>(
    field: F,
    values: readonly EqualityOperand<FieldValue<T, F>>[],
  ): DocumentQueryBuilder<T, P> {
    return this.#and(fieldIn(field, values).not())
  }

  whereExists(field: FieldPath<T>, exists = true): DocumentQueryBuilder<T, P> {
    return this.#and(fieldExists(field, exists))
  }

  /** By the name of a stored type: `'string'`, `'number'`, `'object'`, `'array'`, `'bool'`, `'date'`, `'null'`, … */
  whereType(field: FieldPath<T>, type: string): DocumentQueryBuilder<T, P> {
    return this.#where({ [checkField(field)]: { $type: checkText(type, 'the type') } })
  }

  /** A portable regular expression; `options` out of `i`, `m` and `s`. It may end within a text: anchor it with `^` and `$`. */
  whereRegex<F extends FieldPath<T>>(
    field: F,
    pattern: TextOperand<FieldValue<T, F>>,
    options = '',
  ): DocumentQueryBuilder<T, P> {
    const $regex = checkText(pattern, 'the pattern')
    const $options = checkText(options, 'the options of a pattern')
    const condition = $options === '' ? { $regex } : { $regex, $options }
    return this.#where({ [checkField(field)]: condition })
  }

  /** Every given condition holds as well. A filter that came from a client belongs in `fromUserInput` first. */
  andWhere(...conditions: readonly Condition<T>[]): DocumentQueryBuilder<T, P> {
    return this.#where(...conditions.map(conditionFilter))
  }

  /**
   * Adds a condition that holds if one of the alternatives holds. Pass all alternatives in one call: a second call adds
   * another such condition.
   *
   * @throws UsageError `LEX_ERR_USE_001` for fewer than two alternatives.
   */
  orWhere(...alternatives: readonly Condition<T>[]): DocumentQueryBuilder<T, P> {
    if (alternatives.length < 2)
      throw new UsageError('orWhere must have at least two alternatives', {
        hint: 'Pass all alternatives in one call: orWhere({ a: 1 }, { b: 2 }).',
      })
    return this.#where({ $or: alternatives.map(conditionFilter) })
  }

  /** Only these fields, and `_id`, are read. */
  select<const F extends FieldPath<T>>(
    ...fields: readonly F[]
  ): DocumentQueryBuilder<T, Both<P, { readonly [K in F]: 1 }>> {
    return this.#project(fields, 1)
  }

  /** These fields are not read; only `_id` can be excluded from a selection. */
  exclude<const F extends FieldPath<T>>(
    ...fields: readonly F[]
  ): DocumentQueryBuilder<T, Both<P, { readonly [K in F]: 0 }>> {
    return this.#project(fields, 0)
  }

  /** Sorts by this field, after those already named. */
  sortBy(field: FieldPath<T>, direction: 'asc' | 'desc' | 1 | -1 = 'asc'): DocumentQueryBuilder<T, P> {
    return this.#with({ sort: [...(this.#state.sort ?? []), [checkField(field), signOf(direction)]] })
  }

  skip(count: number): DocumentQueryBuilder<T, P> {
    return this.#with({ skip: checkCount(count, 'skip', 0) })
  }

  /** At most this many documents; a query without it reads all. */
  limit(count: number): DocumentQueryBuilder<T, P> {
    return this.#with({ limit: checkCount(count, 'limit', 1) })
  }

  build(): DocumentQuery<P> {
    const { conditions, ...options } = this.#state
    return { filter: allOf(conditions), ...options } as unknown as DocumentQuery<P> // what was selected is in the state
  }

  #and(specification: Specification): DocumentQueryBuilder<T, P> {
    return this.#where(toFilter(specification))
  }

  #where(...filters: readonly Filter[]): DocumentQueryBuilder<T, P> {
    return this.#with({ conditions: [...this.#state.conditions, ...filters] })
  }

  #project<Q>(fields: readonly string[], shown: 0 | 1): DocumentQueryBuilder<T, Q> {
    const projection = { ...this.#state.projection }
    for (const field of fields) projection[checkField(field)] = shown
    const kinds = new Set(Object.entries(projection).flatMap(([field, kind]) => (field === '_id' ? [] : [kind])))
    if (kinds.size > 1) throw new UsageError('a query cannot both select and exclude fields: only _id can be mixed')
    return this.#with<Q>({ projection })
  }

  #with<Q = P>(change: Partial<State>): DocumentQueryBuilder<T, Q> {
    const next = new DocumentQueryBuilder<T, Q>()
    next.#state = { ...this.#state, ...change }
    return next
  }
}

function signOf(direction: unknown): 1 | -1 {
  if (direction === 'asc' || direction === 1) return 1
  if (direction === 'desc' || direction === -1) return -1
  throw new UsageError(`the direction of a sort must be 'asc', 'desc', 1 or -1`)
}
