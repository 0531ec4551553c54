import type { SQL } from 'drizzle-orm'
import type { OrderedValue, SpecificationValue } from '../../core/specification/specification.ts'

export type OrderKind = 'gt' | 'gte' | 'lt' | 'lte'

/** `expression = parameter`; those with the same expression are gathered, so that there may be any number of them. */
export interface Equality {
  readonly expression: SQL
  /** Which of a comparer's expressions it is. */
  readonly as: 'itself' | 'text' | 'float'
  readonly parameter: string
}

/**
 * How the values of one kind of column compare, so that a row is found exactly when the entity that it becomes satisfies
 * the comparison in memory. A method that is absent, or returns undefined, means that no value of the column does. What
 * is returned may be unknown where the operand is NULL.
 */
export interface Comparer {
  /** Equality as the database's `=`. */
  equality?(operand: SQL, value: SpecificationValue): Equality | undefined
  /** Equality that no single `=` says. */
  equals?(operand: SQL, value: SpecificationValue): SQL | undefined
  order?(operand: SQL, kind: OrderKind, bound: OrderedValue): SQL | undefined
  /** Text as an entity holds it, for comparisons of parts. */
  text?(operand: SQL): SQL
  /** Whether the value is null in memory. @default `is null` */
  isNull?(operand: SQL): SQL
}
