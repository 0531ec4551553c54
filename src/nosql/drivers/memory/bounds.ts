import { compareValues } from '../../query/compare.ts'
import type { FilterNode } from '../../query/filter-node.ts'
import { TypeClass, typeClass, type Value } from '../../query/value.ts'

/** Values of one type class between two ends. */
export interface Range {
  readonly lower?: { readonly value: Value; readonly inclusive: boolean }
  readonly upper?: { readonly value: Value; readonly inclusive: boolean }
}

/** What a conjunct says of its path, in terms that an index can look up. */
export interface Bound {
  readonly path: string
  readonly ranges: readonly Range[]
}

/** The predicates that must all hold. */
export function conjuncts(filter: FilterNode): readonly FilterNode[] {
  return filter.kind === 'and' ? filter.nodes.flatMap(conjuncts) : [filter]
}

/** Undefined when an index cannot answer the predicate: null stands for missing too, and arrays for their elements. */
export function boundOf(node: FilterNode): Bound | undefined {
  if (node.kind !== 'field' || node.parts.some((part) => /^\d+$/.test(part))) return undefined
  const { path, test } = node
  if (test.kind === 'in') {
    if (test.patterns.length > 0 || !test.values.every(isScalar)) return undefined
    const values = [...test.values].sort(compareValues)
    return {
      path,
      ranges: values.filter((value, i) => i === 0 || compareValues(value, values[i - 1]) !== 0).map(point),
    }
  }
  if (test.kind !== 'compare' || !isScalar(test.value)) return undefined
  const { operator, value } = test
  if (operator === 'eq') return { path, ranges: [point(value)] }
  if (typeClass(value) === TypeClass.bytes) return undefined
  const end = { value, inclusive: operator.endsWith('e') }
  return { path, ranges: [operator.startsWith('g') ? { lower: end } : { upper: end }] }
}

export function isPoint({ lower, upper }: Range): boolean {
  return lower !== undefined && lower === upper
}

/** One range where the two meet in a single one, as lower and upper ends do; undefined otherwise. */
export function narrow(a: Range, b: Range): Range | undefined {
  if (a.lower !== undefined && b.lower === undefined && a.upper === undefined && b.upper !== undefined) {
    return sameClass(a.lower.value, b.upper.value) ? { lower: a.lower, upper: b.upper } : undefined
  }
  return a.lower === undefined && b.lower !== undefined ? narrow(b, a) : undefined
}

/** Whether a value lies below (-1), in (0) or above (1) a range. */
export function sideOf(value: Value, { lower, upper }: Range): number {
  const end = lower ?? upper
  if (end === undefined) return 0
  const classes = typeClass(value) - typeClass(end.value)
  if (classes !== 0) return Math.sign(classes)
  if (lower !== undefined) {
    const order = compareValues(value, lower.value)
    if (order < 0 || (order === 0 && !lower.inclusive)) return -1
  }
  if (upper !== undefined) {
    const order = compareValues(value, upper.value)
    if (order > 0 || (order === 0 && !upper.inclusive)) return 1
  }
  return 0
}

function point(value: Value): Range {
  const end = { value, inclusive: true }
  return { lower: end, upper: end }
}

function isScalar(value: Value): boolean {
  const type = typeClass(value)
  return type !== TypeClass.null && type !== TypeClass.missing && type !== TypeClass.array && type !== TypeClass.object
}

function sameClass(a: Value, b: Value): boolean {
  return typeClass(a) === typeClass(b)
}
