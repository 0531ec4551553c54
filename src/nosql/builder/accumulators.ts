declare const result: unique symbol

/** An accumulator of a `group` stage, as plain data; `R` is what it yields. */
export interface Accumulator<out R> {
  readonly [operator: `$${string}`]: unknown
  readonly [result]?: () => R
}

/** An aggregation expression: a literal, a field as `'$price'`, or an operator document as `{ $multiply: ['$a', 2] }`. */
export type Expression = unknown

type SortBy = Readonly<Record<string, 1 | -1>>

function accumulator<R>(operator: `$${string}`, operand: unknown): Accumulator<R> {
  return { [operator]: operand }
}

/**
 * The accumulators of a `group` stage as functions of an expression.
 *
 * @see https://www.mongodb.com/docs/manual/reference/operator/aggregation/group/#accumulator-operator
 * @example
 * import { AggregationOp, AggregationPipeline } from 'lexigram-edge/nosql'
 *
 * new AggregationPipeline().group('dept', { people: AggregationOp.SUM(1), pay: AggregationOp.AVG('$salary') })
 */
export const AggregationOp = {
  /** Sum of the numbers among the values; `SUM(1)` counts documents. */
  SUM: (expression: Expression) => accumulator<number>('$sum', expression),
  /** Mean of the numbers among the values; null when there is none. */
  AVG: (expression: Expression) => accumulator<number | null>('$avg', expression),
  /** Documents in the group. */
  COUNT: () => accumulator<number>('$count', {}),
  MIN: <R = unknown>(expression: Expression) => accumulator<R>('$min', expression),
  MAX: <R = unknown>(expression: Expression) => accumulator<R>('$max', expression),
  /** Value of the group's first document: sort before grouping. */
  FIRST: <R = unknown>(expression: Expression) => accumulator<R>('$first', expression),
  LAST: <R = unknown>(expression: Expression) => accumulator<R>('$last', expression),
  /** All values, in order. */
  PUSH: <R = unknown>(expression: Expression) => accumulator<R[]>('$push', expression),
  /** The distinct values, in no order. */
  ADD_TO_SET: <R = unknown>(expression: Expression) => accumulator<R[]>('$addToSet', expression),
  STD_DEV_POP: (expression: Expression) => accumulator<number | null>('$stdDevPop', expression),
  STD_DEV_SAMP: (expression: Expression) => accumulator<number | null>('$stdDevSamp', expression),
  MERGE_OBJECTS: <R = Record<string, unknown>>(expression: Expression) => accumulator<R>('$mergeObjects', expression),
  FIRST_N: <R = unknown>(expression: Expression, n: number) => accumulator<R[]>('$firstN', { input: expression, n }),
  LAST_N: <R = unknown>(expression: Expression, n: number) => accumulator<R[]>('$lastN', { input: expression, n }),
  MIN_N: <R = unknown>(expression: Expression, n: number) => accumulator<R[]>('$minN', { input: expression, n }),
  MAX_N: <R = unknown>(expression: Expression, n: number) => accumulator<R[]>('$maxN', { input: expression, n }),
  /** `output` of the document that comes first in the order. */
  TOP: <R = unknown>(sortBy: SortBy, output: Expression) => accumulator<R>('$top', { sortBy, output }),
  BOTTOM: <R = unknown>(sortBy: SortBy, output: Expression) => accumulator<R>('$bottom', { sortBy, output }),
  TOP_N: <R = unknown>(sortBy: SortBy, output: Expression, n: number) =>
    accumulator<R[]>('$topN', { sortBy, output, n }),
  BOTTOM_N: <R = unknown>(sortBy: SortBy, output: Expression, n: number) =>
    accumulator<R[]>('$bottomN', { sortBy, output, n }),
  MEDIAN: (expression: Expression) =>
    accumulator<number | null>('$median', { input: expression, method: 'approximate' }),
  PERCENTILE: (expression: Expression, p: readonly number[]) =>
    accumulator<(number | null)[]>('$percentile', { input: expression, p, method: 'approximate' }),
} as const
