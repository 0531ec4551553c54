import { isWellFormed } from '../../../core/well-formed.ts'
import { boundsOf } from '../../plan/bounds.ts'
import type { Dialect, Translation } from '../../plan/dialect.ts'
import type { PathFacts } from '../../plan/facts.ts'
import type { Interval } from '../../plan/intervals.ts'
import type { FieldNode, FilterNode } from '../../query/filter-node.ts'
import { isArray, isDocument, type Value } from '../../query/value.ts'
import { notesField } from './codec.ts'
import { deletedField } from './deleted-mark.ts'
import { encodeValue, timestampOf, type FirestoreValue } from './value-codec.ts'

/** A filter of a structured query. */
export type NativeFilter = Readonly<Record<string, unknown>>

/** @see https://firebase.google.com/docs/firestore/query-data/queries#query_limitations */
const limits = { inValues: 30, disjunctions: 30, conditions: 100, valueBytes: 1500 }

/** What the names of documents begin with, for filters on `_id`. */
export interface Names {
  nameOf(id: Value): string | undefined
}

/**
 * How Firestore says what a filter asks. It finds no missing field and does not look into arrays but by
 * `array-contains`, so that most of what is exact needs a declared field.
 *
 * @param filter the whole filter: of several tests that need `array-contains` Firestore takes one
 */
export function firestoreDialect(filter: FilterNode, names: Names): Dialect<NativeFilter> {
  const mayContain = countContains(filter) <= 1
  return {
    limits,
    test: (node, facts) => testOf(node, facts, { names, exactness: mayContain ? 'exact' : 'superset' }),
    negated(node) {
      const { test } = node
      const isAlive =
        node.path === deletedField && test.kind === 'compare' && test.operator === 'eq' && test.value === true
      return isAlive
        ? { native: comparison(deletedField, 'EQUAL', { booleanValue: false }), exactness: 'exact' }
        : undefined
    },
    and: (parts) => composite('AND', withOneContains(parts)),
    or: (parts) => composite('OR', parts),
  }
}

interface Circumstances {
  readonly names: Names
  /** Of a test by `array-contains`, which is dropped where it is not the only one. */
  readonly exactness: 'exact' | 'superset'
}

function testOf(
  node: FieldNode,
  facts: PathFacts,
  { names, exactness }: Circumstances,
): Translation<NativeFilter> | undefined {
  const [field] = node.parts
  if (field === notesField) return undefined
  if (field === deletedField) return testOfDeleted(node)
  if (node.path === '_id') return testOfId(node, names)
  if (facts.scalar) return testOfScalar(node, facts)
  // A dotted path may lead through an array, into which Firestore does not look.
  if (node.parts.length > 1) return undefined
  return testOfAny(node, exactness)
}

/** Only whether it is true is stored in a form that can be asked for. */
function testOfDeleted({ path, test }: FieldNode): Translation<NativeFilter> | undefined {
  const isAsked = path === deletedField && test.kind === 'compare' && test.operator === 'eq' && test.value === true
  return isAsked ? { native: comparison(deletedField, 'EQUAL', { booleanValue: true }), exactness: 'exact' } : undefined
}

/** `_id` is the document's name, whose order is that of the ids. */
function testOfId({ test }: FieldNode, names: Names): Translation<NativeFilter> | undefined {
  if (test.kind === 'in' && test.patterns.length === 0) {
    const values = test.values.flatMap((value) => names.nameOf(value) ?? [])
    if (values.length !== test.values.length || values.length === 0) return undefined
    const arrayValue = { values: values.map((referenceValue) => ({ referenceValue })) }
    return { native: comparison('__name__', 'IN', { arrayValue }), exactness: 'exact', disjunctions: values.length }
  }
  if (test.kind !== 'compare' || test.operator !== 'eq') return undefined
  const referenceValue = names.nameOf(test.value)
  if (referenceValue === undefined) return undefined
  return { native: comparison('__name__', 'EQUAL', { referenceValue }), exactness: 'exact' }
}

/** A declared field has one value at most: everything that is a set of values can be asked. */
function testOfScalar(node: FieldNode, facts: PathFacts): Translation<NativeFilter> | undefined {
  const bounds = boundsOf(node, () => facts)
  if (bounds === undefined || bounds.missing || bounds.intervals.length === 0) return undefined
  const parts = bounds.intervals.map((interval) => intervalFilter(node.path, interval))
  if (!parts.every((part) => part !== undefined)) return undefined
  const exactness = bounds.exact ? 'exact' : 'superset'
  const points = bounds.intervals.flatMap((interval) => pointOf(interval) ?? [])
  if (points.length === parts.length && points.length > 1 && !points.some((point) => point instanceof Date)) {
    return { native: comparison(node.path, 'IN', listOf(points)), exactness, disjunctions: points.length }
  }
  const [only, ...others] = parts
  if (only !== undefined && others.length === 0) return { native: only, exactness }
  return { native: composite('OR', parts), exactness, disjunctions: parts.length, conditions: parts.length }
}

/** A field of which nothing is known may hold the value, or an array that contains it. */
function testOfAny({ path, test }: FieldNode, exactness: 'exact' | 'superset'): Translation<NativeFilter> | undefined {
  if (test.kind === 'compare' && test.operator === 'eq') {
    const { value } = test
    if (!isAskable(value)) return undefined
    const encoded = encodeValue(value)
    const native = composite('OR', [
      comparison(path, 'EQUAL', encoded),
      ...(isArray(value) ? [] : [comparison(path, 'ARRAY_CONTAINS', encoded)]),
    ])
    // Of arrays and maps Firestore compares what it stores: the order of keys is not part of it.
    const isExact = !isDocument(value) && !isArray(value)
    return isArray(value)
      ? undefined
      : { native, exactness: isExact ? exactness : 'superset', disjunctions: 2, conditions: 2 }
  }
  if (test.kind !== 'in' || test.patterns.length > 0 || test.values.length > 15) return undefined
  if (test.values.length === 0 || !test.values.every((value) => isAskable(value) && !isArray(value))) return undefined
  const isExact = !test.values.some((value) => isDocument(value))
  const native = composite('OR', [
    comparison(path, 'IN', listOf(test.values)),
    comparison(path, 'ARRAY_CONTAINS_ANY', listOf(test.values)),
  ])
  return { native, exactness: isExact ? exactness : 'superset', disjunctions: 2 * test.values.length, conditions: 2 }
}

/** Null also means missing, which cannot be asked for; a date may be stored to the nanosecond by another program. */
function isAskable(value: Value): boolean {
  if (typeof value === 'string') return isWellFormed(value)
  return value !== null && !(value instanceof Date) && !(typeof value === 'number' && Number.isNaN(value))
}

function intervalFilter(path: string, interval: Interval): NativeFilter | undefined {
  const point = pointOf(interval)
  if (point === null) return undefined
  if (point !== undefined && !(point instanceof Date)) return comparison(path, 'EQUAL', encodeValue(point))
  const parts: NativeFilter[] = []
  const { lower, upper } = interval
  if (!isOrdered(lower?.value) || !isOrdered(upper?.value)) return undefined
  if (lower !== undefined) parts.push(lowerFilter(path, lower))
  if (upper !== undefined) parts.push(upperFilter(path, upper))
  if (parts.length === 0) return undefined
  return parts.length === 1 ? parts[0] : composite('AND', parts)
}

/** Bytes, objects and arrays are ordered otherwise by Firestore. */
function isOrdered(value: Value | undefined): boolean {
  if (typeof value === 'string') return isWellFormed(value)
  return value === undefined || ['number', 'bigint', 'boolean'].includes(typeof value) || value instanceof Date
}

type End = NonNullable<Interval['lower']>

/** A timestamp of another program is read to the millisecond below: the ends lie between milliseconds. */
function lowerFilter(path: string, { value, inclusive }: End): NativeFilter {
  if (value instanceof Date) {
    const timestampValue = timestampOf(value.getTime() + (inclusive ? 0 : 1))
    return comparison(path, 'GREATER_THAN_OR_EQUAL', { timestampValue })
  }
  return comparison(path, inclusive ? 'GREATER_THAN_OR_EQUAL' : 'GREATER_THAN', encodeValue(value))
}

function upperFilter(path: string, { value, inclusive }: End): NativeFilter {
  if (value instanceof Date) {
    return comparison(path, 'LESS_THAN', { timestampValue: timestampOf(value.getTime() + (inclusive ? 1 : 0)) })
  }
  return comparison(path, inclusive ? 'LESS_THAN_OR_EQUAL' : 'LESS_THAN', encodeValue(value))
}

function pointOf({ lower, upper }: Interval): Value | undefined {
  return lower !== undefined && upper !== undefined && lower.value === upper.value ? lower.value : undefined
}

function listOf(values: readonly Value[]): FirestoreValue {
  return { arrayValue: { values: values.map((value) => encodeValue(value)) } }
}

export function comparison(path: string, op: string, value: FirestoreValue): NativeFilter {
  return { fieldFilter: { field: { fieldPath: fieldPathOf(path) }, op, value } }
}

export function composite(op: 'AND' | 'OR', filters: readonly NativeFilter[]): NativeFilter {
  const [only] = filters
  return filters.length === 1 && only !== undefined ? only : { compositeFilter: { op, filters } }
}

/** Segments that are not plain names stand in backticks. */
export function fieldPathOf(path: string): string {
  if (path === '__name__') return path
  const quoted = (part: string) => `\`${part.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``
  return path
    .split('.')
    .map((part) => (/^[A-Za-z_]\w*$/.test(part) ? part : quoted(part)))
    .join('.')
}

/** Firestore takes one `array-contains` in a conjunction: the others are re-checked, as their exactness says. */
function withOneContains(parts: readonly NativeFilter[]): readonly NativeFilter[] {
  let found = false
  return parts.filter((part) => {
    if (!JSON.stringify(part).includes('"ARRAY_CONTAINS')) return true
    const isFirst = !found
    found = true
    return isFirst
  })
}

/** How many tests of a filter may need `array-contains`. */
function countContains(node: FilterNode): number {
  switch (node.kind) {
    case 'and':
    case 'nor':
      return node.nodes.reduce((sum, inner) => sum + countContains(inner), 0)
    case 'or':
      // Each disjunction may have one.
      return Math.max(0, ...node.nodes.map(countContains))
    case 'not':
      return countContains(node.node)
    case 'field':
      return node.path !== '_id' && node.parts.length === 1 && (node.test.kind === 'compare' || node.test.kind === 'in')
        ? 1
        : 0
    case 'expression':
    case 'constant':
    default:
      return 0
  }
}
