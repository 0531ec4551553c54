import { boundsOf } from '../../plan/bounds.ts'
import type { Dialect, Translation } from '../../plan/dialect.ts'
import type { PathFacts } from '../../plan/facts.ts'
import { pointOf, type Interval } from '../../plan/intervals.ts'
import type { FieldNode } from '../../query/filter-node.ts'
import { isArray, isDocument, type Value } from '../../query/value.ts'
import { notesField } from './codec/codec.ts'
import { deletedField } from './codec/deleted-mark.ts'
import { refusedName } from './capabilities.ts'
import { encodeValue, timestampOf, type FirestoreValue } from './codec/value-codec.ts'
import { fieldPathOf, isAskablePath } from './reading/field-path.ts'
import { hasFormsWithin, storedForms } from './reading/stored-forms.ts'

/** A filter of a structured query. */
export type NativeFilter = Readonly<Record<string, unknown>>

/** Bytes of a text that Firestore indexes; of a longer one it indexes the beginning. */
export const indexedBytes = 1490

/** @see https://firebase.google.com/docs/firestore/query-data/queries#query_limitations */
const limits = { inValues: 30, disjunctions: 30, conditions: 100 }

/** What the names of documents begin with, for filters on `_id`. */
export interface Names {
  nameOf(id: Value): string | undefined
}

export interface DialectOptions {
  /** Absent where names may not be asked for. */
  readonly names: Names | undefined
  /** Documents may lack the mark of deletion. @default false */
  readonly otherWriters?: boolean | undefined
  /** The fields that may be compared by inequalities. */
  readonly ranges: readonly string[]
  /** How many keys the query is sorted by. */
  readonly orders: number
}

/**
 * How Firestore says what a filter asks. It finds no missing field and does not look into arrays but by
 * `array-contains`, so that most of what is exact needs a declared field.
 */
export function firestoreDialect({
  names,
  otherWriters = false,
  ranges,
  orders,
}: DialectOptions): Dialect<NativeFilter> {
  const comparable = new Set(ranges)
  return {
    limits: {
      inValues: limits.inValues,
      disjunctions: limits.disjunctions,
      // Orders count too: those of the sort and those of inequalities.
      conditions: limits.conditions - orders - ranges.length - 1,
      // One `array-contains` in each disjunction.
      scarce: 1,
      valueBytes: indexedBytes,
    },
    test: (node, facts) => testOf(node, facts, { names, otherWriters, ranges: comparable }),
    negated(node) {
      const isAlive = !otherWriters && isDeletedTest(node)
      return isAlive
        ? { native: comparison(deletedField, 'EQUAL', { booleanValue: false }), exactness: 'exact' }
        : undefined
    },
    and: (parts) => composite('AND', parts),
    or: (parts) => composite('OR', parts),
  }
}

interface Circumstances {
  readonly names: Names | undefined
  readonly otherWriters: boolean
  /** The fields that may be compared by an inequality in this query. */
  readonly ranges: ReadonlySet<string>
}

function testOf(
  node: FieldNode,
  facts: PathFacts,
  { names, otherWriters, ranges }: Circumstances,
): Translation<NativeFilter> | undefined {
  const [field] = node.parts
  if (field === notesField || !isAskablePath(node.parts)) return undefined
  if (field === deletedField && !otherWriters) return testOfDeleted(node)
  if (node.path === '_id') return names && testOfId(node, names)
  if (facts.scalar) return testOfScalar(node, facts, ranges)
  // A dotted path may lead through an array, into which Firestore does not look.
  if (node.parts.length > 1) return undefined
  return testOfAny(node)
}

/** Only whether it is true is stored in a form that can be asked for. */
function testOfDeleted(node: FieldNode): Translation<NativeFilter> | undefined {
  return isDeletedTest(node)
    ? { native: comparison(deletedField, 'EQUAL', { booleanValue: true }), exactness: 'exact' }
    : undefined
}

function isDeletedTest({ path, test }: FieldNode): boolean {
  return path === deletedField && test.kind === 'compare' && test.operator === 'eq' && test.value === true
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
function testOfScalar(
  node: FieldNode,
  facts: PathFacts,
  ranges: ReadonlySet<string>,
): Translation<NativeFilter> | undefined {
  const bounds = boundsOf(node, () => facts)
  if (bounds === undefined || bounds.missing || bounds.intervals.length === 0) return undefined
  const points = bounds.intervals.flatMap((interval) => pointOf(interval) ?? [])
  const isList = points.length === bounds.intervals.length && points.every(isComparable)
  const forms = isList ? points.flatMap(storedForms) : []
  const exactness = bounds.exact && points.every((point) => !isDocument(point)) ? 'exact' : 'superset'
  if (forms.length > 1) {
    return { native: comparison(node.path, 'IN', listOf(forms)), exactness, disjunctions: forms.length }
  }
  if (!isList && !ranges.has(node.path)) return undefined
  const parts = bounds.intervals.map((interval) => intervalFilter(node.path, interval))
  if (!parts.every((part) => part !== undefined)) return undefined
  return {
    native: composite('OR', parts),
    exactness,
    disjunctions: parts.length,
    conditions: isList ? parts.length : 2 * parts.length,
  }
}

/** A field of which nothing is known may hold the value, or an array that contains it. */
function testOfAny({ path, test }: FieldNode): Translation<NativeFilter> | undefined {
  if (test.kind === 'compare' && test.operator === 'eq') return testOfValues(path, [test.value])
  return test.kind === 'in' && test.patterns.length === 0 ? testOfValues(path, test.values) : undefined
}

function testOfValues(path: string, values: readonly Value[]): Translation<NativeFilter> | undefined {
  // An array is equal to an array, and to one within an array, which is stored in another form.
  if (!values.every((value) => isAskable(value) && !isArray(value))) return undefined
  const [first, ...others] = values.flatMap(storedForms)
  if (first === undefined) return undefined
  const all = listOf([first, ...others])
  const native =
    others.length === 0
      ? composite('OR', [comparison(path, 'EQUAL', first), comparison(path, 'ARRAY_CONTAINS', first)])
      : composite('OR', [comparison(path, 'IN', all), comparison(path, 'ARRAY_CONTAINS_ANY', all)])
  return {
    native,
    exactness: exactnessOf(values),
    disjunctions: 2 * (others.length + 1),
    conditions: 2,
    scarce: 1,
  }
}

/** Of maps Firestore compares what it stores: the order of keys is not part of it. */
function exactnessOf(values: readonly Value[]): 'exact' | 'superset' {
  return values.some((value) => isDocument(value)) ? 'superset' : 'exact'
}

/** Not a date, which another program may have stored to the nanosecond, nor what Firestore compares in another way. */
function isComparable(value: Value): boolean {
  return value !== null && !(value instanceof Date) && !isArray(value) && isAskable(value)
}

/** Null also means missing, which cannot be asked for; a date may be stored to the nanosecond by another program. */
function isAskable(value: Value): boolean {
  if (hasFormsWithin(value)) return false
  // What another program has stored to the nanosecond may be within it.
  if (isDocument(value)) {
    return Object.entries(value).every(
      ([name, inner]) => !refusedName.test(name) && (inner === null || isAskable(inner)),
    )
  }
  if (isArray(value)) return value.every((inner) => inner === null || isAskable(inner))
  return value !== null && !(value instanceof Date) && !(typeof value === 'number' && Number.isNaN(value))
}

function intervalFilter(path: string, interval: Interval): NativeFilter | undefined {
  const point = pointOf(interval)
  if (point === null) return undefined
  if (point !== undefined && !(point instanceof Date)) {
    const forms = storedForms(point).map((form) => comparison(path, 'EQUAL', form))
    return composite('OR', forms)
  }
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
  return (
    value === undefined ||
    typeof value === 'string' ||
    ['number', 'bigint', 'boolean'].includes(typeof value) ||
    value instanceof Date
  )
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

function listOf(values: readonly FirestoreValue[]): FirestoreValue {
  return { arrayValue: { values } }
}

function comparison(path: string, op: string, value: FirestoreValue): NativeFilter {
  return { fieldFilter: { field: { fieldPath: fieldPathOf(path) }, op, value } }
}

export function composite(op: 'AND' | 'OR', filters: readonly NativeFilter[]): NativeFilter {
  const [only] = filters
  return filters.length === 1 && only !== undefined ? only : { compositeFilter: { op, filters } }
}
