import type { FieldNode, FilterNode } from '../query/filter-node.ts'
import type { PathFacts } from './facts.ts'

/** One test in a backend's own words. */
export interface Translation<N> {
  readonly native: N
  /**
   * `exact`: the backend keeps the documents that match, no more and no fewer. `superset`: it keeps all that match and
   * others, which are re-checked here. Return undefined for a translation that could lose a match.
   */
  readonly exactness: 'exact' | 'superset'
  /** How many disjunctions it counts for after the backend's expansion: the values of an `IN`. @default 1 */
  readonly disjunctions?: number
  /** How many conditions it counts for. @default 1 */
  readonly conditions?: number
  /** How often it uses what one disjunction may hold few of, such as Firestore's `array-contains`. @default 0 */
  readonly scarce?: number
}

/** What one request of a backend may hold. What is over a limit is split over several requests, or re-checked here. */
export interface DialectLimits {
  /** Values in one `in` test. A longer list becomes several tests under `or`. @default no limit */
  readonly inValues?: number
  /** Disjunctions of the whole filter, once it is multiplied out. @default no limit */
  readonly disjunctions?: number
  /** Conditions of the whole filter. @default no limit */
  readonly conditions?: number
  /** What is `scarce`, within each disjunction. @default no limit */
  readonly scarce?: number
  /** Bytes of one operand, a string as UTF-8; a larger one is re-checked here. @default no limit */
  readonly valueBytes?: number
  /** Requests side by side that one filter may be split into. @default 64 */
  readonly queries?: number
}

/**
 * How a backend says what a filter asks. It translates one test at a time; `push` puts the parts together and never
 * claims more than they allow.
 *
 * The semantics to translate are MongoDB's: a test holds for any value that the path reaches, so an array's elements
 * count unless `facts.scalar`; `{ f: null }` also matches documents without `f`; comparisons hold within one type.
 *
 * @example
 * // A backend whose `=` does not look into arrays, and that can negate.
 * const dialect: Dialect<string> = {
 *   limits: { inValues: 100 },
 *   test({ path, test }, facts) {
 *     if (test.kind !== 'compare' || test.operator !== 'eq' || test.value === null) return undefined
 *     const native = `${path} = ${JSON.stringify(test.value)}`
 *     return facts.scalar
 *       ? { native, exactness: 'exact' }
 *       : { native: `(${native} OR is_list(${path}))`, exactness: 'superset' }
 *   },
 *   and: (parts) => parts.join(' AND '),
 *   or: (parts) => `(${parts.join(' OR ')})`,
 *   not: (part) => `NOT (${part})`,
 * }
 */
export interface Dialect<N> {
  readonly limits?: DialectLimits | undefined
  /** The test of one field; undefined where the backend cannot ask it without losing a match. */
  test(node: FieldNode, facts: PathFacts): Translation<N> | undefined
  /**
   * That the test of one field does NOT hold: `$ne`, `$nin`, `$exists: false`. Only needed where it says more than `not`
   * over an exact test. Documents without the field satisfy every negated test but `not exists`.
   */
  readonly negated?: ((node: FieldNode, facts: PathFacts) => Translation<N> | undefined) | undefined
  /** All parts hold; called with two or more. */
  and(parts: readonly N[]): N
  /** Any part holds; called with two or more. Absent where the backend has no disjunction. */
  readonly or?: ((parts: readonly N[]) => N) | undefined
  /** The part does not hold; called over exact parts only. Absent where the backend has no negation. */
  readonly not?: ((part: N) => N) | undefined
  /** Conditions on a whole document, such as `$expr`. Absent where only this package can answer. */
  readonly expression?:
    | ((node: Extract<FilterNode, { readonly kind: 'expression' }>) => Translation<N> | undefined)
    | undefined
}
