/** The document that an upsert inserts, and what its filter says about it. */

import { setField } from '../../../core/plain-object.ts'
import { NoSQLFilterError } from '../../errors.ts'
import { equalValues } from '../compare.ts'
import type { FieldNode, FilterNode } from '../filter-node.ts'
import { withId } from '../kept-id.ts'
import { copyValue, type Document, isDocument, type Value } from '../value.ts'
import { type ApplyOptions, changed } from './apply-update.ts'
import type { UpdateTree } from './parse-update.ts'

/**
 * The document that an upsert inserts: the equalities of the filter, changed by the update. It has no `_id` unless the
 * filter or the update sets one.
 *
 * @throws as `applyUpdate`; NoSQLFilterError (NotSingleValueField) when the filter sets one path to two values
 */
export function upsertDocument(update: UpdateTree, filter: FilterNode, options: ApplyOptions): Document {
  if (update.kind !== 'replacement') return changed(update, upsertSeed(filter), { ...options, insert: true })
  const { _id: id } = upsertSeed(filter, /^_id(\.|$)/)
  return id === undefined ? update.document : withId(update.document, id)
}

/**
 * The equalities that must hold for every match, as a document: `{ a: 1, 'b.c': 2 }` becomes `{ a: 1, b: { c: 2 } }`.
 *
 * @param of  the paths that are looked at
 * @throws NoSQLFilterError (NotSingleValueField) when one path is given twice, or one within the other
 * @see https://www.mongodb.com/docs/manual/reference/method/db.collection.updateOne/#upsert-with-operator-expressions
 */
export function upsertSeed(filter: FilterNode, of?: RegExp): Document {
  const seed: Record<string, Value> = {}
  for (const [path, value] of equalities(filter, of)) place(seed, path.split('.'), value)
  const { _id: id, ...rest } = seed
  return id === undefined ? seed : { _id: id, ...rest }
}

function equalities(filter: FilterNode, of?: RegExp): ReadonlyMap<string, Value> {
  const found = new Map<string, Value>()
  collect(simplified(filter), found, of)
  return found
}

function collect(filter: FilterNode, found: Map<string, Value>, of?: RegExp): void {
  if (filter.kind === 'field') {
    const value = equalityOf(filter)
    if (value === undefined || of?.test(filter.path) === false) return
    for (const path of found.keys()) if (overlaps(path, filter.path)) throw givenTwice(filter.path)
    found.set(filter.path, value)
  } else if (filter.kind === 'and') {
    for (const node of filter.nodes) collect(node, found, of)
  }
}

/** As MongoDB makes a filter simpler before it looks for equalities: alternatives that all say the same are one. */
function simplified(filter: FilterNode): FilterNode {
  if (filter.kind !== 'and' && filter.kind !== 'or') return filter
  const nodes = filter.nodes.map(simplified)
  const [first, ...others] = nodes
  const isOne = first !== undefined && others.every((other) => filter.kind === 'or' && isSameEquality(first, other))
  return isOne ? first : { kind: filter.kind, nodes }
}

function isSameEquality(a: FilterNode, b: FilterNode): boolean {
  if (a.kind !== 'field' || b.kind !== 'field' || a.path !== b.path) return false
  const value = equalityOf(a)
  return value !== undefined && equalValues(value, equalityOf(b))
}

function equalityOf({ test }: FieldNode): Value | undefined {
  if (test.kind === 'compare' && test.operator === 'eq') return test.value
  if (test.kind !== 'in' || test.patterns.length > 0) return undefined
  const [value] = test.values
  return test.values.every((other) => equalValues(value, other)) ? value : undefined
}

function overlaps(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`)
}

function givenTwice(path: string): NoSQLFilterError {
  return new NoSQLFilterError('the filter of an upsert must set each path once', {
    reason: 'NotSingleValueField',
    path,
  })
}

function place(target: Record<string, Value>, parts: readonly string[], value: Value): void {
  const [name, ...rest] = parts as readonly [string, ...string[]] // a path has at least one part
  if (rest.length === 0) return setField(target, name, copyValue(value))
  const current = Object.hasOwn(target, name) ? target[name] : undefined
  const inner: Record<string, Value> = isDocument(current) ? { ...current } : {}
  place(inner, rest, value)
  setField(target, name, inner)
}
