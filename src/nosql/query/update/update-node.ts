/** An update by operators, as a tree of the paths it touches. */

import { NoSQLFilterError } from '../../errors.ts'
import type { Meter } from '../meter.ts'
import { inside } from '../refusal.ts'
import type { Document, Value } from '../value.ts'

/** What a leaf knows while it is applied. */
export interface LeafContext {
  readonly now: Date
  /** True while an upsert makes a new document. */
  readonly insert: boolean
  /** The document before the update. */
  readonly original: Document
  /** The path of the leaf, for errors. */
  readonly at: string
  /** A value without fields is where the parent should be. @default false */
  readonly blocked?: boolean
  readonly meter?: Meter | undefined
}

/** Returns the new value, the old one itself where nothing changes, or `undefined` for "no such field". Never mutates. */
export type ApplyLeaf = (current: Value | undefined, context: LeafContext) => Value | undefined

export type UpdateNode =
  | { readonly kind: 'leaf'; readonly apply: ApplyLeaf }
  /** Named fields or indices, in the order they are applied, and `$`, the matched element. */
  | {
      readonly kind: 'fields'
      readonly fields: ReadonlyMap<string, UpdateNode>
      readonly matched: UpdateNode | undefined
    }
  /** Array elements by the name of their array filter; the empty name is `$[]`, all of them. */
  | { readonly kind: 'elements'; readonly filters: ReadonlyMap<string, UpdateNode> }

/** Trees of one path each as one tree; they become a part of it. */
export function mergeAll(nodes: readonly UpdateNode[]): UpdateNode {
  const root: UpdateNode = { kind: 'fields', fields: new Map(), matched: undefined }
  let merged: UpdateNode = root
  for (const node of nodes) merged = merge(merged, node, '')
  return inOrder(merged)
}

/** @throws NoSQLFilterError (ConflictingUpdateOperators) where both touch one path, or one a part of the other */
export function mergeNodes(a: UpdateNode, b: UpdateNode, at: string): UpdateNode {
  return inOrder(merge(copyOf(a), b, at))
}

/** Puts the second into the first. */
function merge(a: UpdateNode, b: UpdateNode, at: string): UpdateNode {
  if (a.kind === 'fields' && b.kind === 'fields') {
    const fields = mergeMaps(a.fields, b.fields, at)
    if (a.matched === undefined && b.matched === undefined) return a
    const matched = a.matched && b.matched ? merge(a.matched, b.matched, inside(at, '$')) : (a.matched ?? b.matched)
    return { kind: 'fields', fields, matched }
  }
  if (a.kind === 'elements' && b.kind === 'elements') {
    mergeMaps(a.filters, b.filters, at)
    return a
  }
  throw new NoSQLFilterError('two operators cannot change the same path', {
    reason: 'ConflictingUpdateOperators',
    path: at,
    hint: 'Change each path with one operator, or use a pipeline.',
  })
}

type Nodes = ReadonlyMap<string, UpdateNode>

function mergeMaps(a: Nodes, b: Nodes, at: string): Nodes {
  // The first map was made here, or is a copy.
  const merged = a as Map<string, UpdateNode>
  for (const [name, node] of b) {
    const present = merged.get(name)
    merged.set(name, present === undefined ? node : merge(present, node, inside(at, name)))
  }
  return merged
}

function copyOf(node: UpdateNode): UpdateNode {
  if (node.kind === 'leaf') return node
  if (node.kind === 'elements') return { kind: 'elements', filters: copyNodes(node.filters) }
  const matched = node.matched === undefined ? undefined : copyOf(node.matched)
  return { kind: 'fields', fields: copyNodes(node.fields), matched }
}

function copyNodes(nodes: Nodes): Nodes {
  return new Map([...nodes].map(([name, node]) => [name, copyOf(node)]))
}

/** The same with all names in the order in which they are applied. */
function inOrder(node: UpdateNode): UpdateNode {
  if (node.kind === 'leaf') return node
  if (node.kind === 'elements') return { kind: 'elements', filters: sortNodes(node.filters) }
  return {
    kind: 'fields',
    fields: sortNodes(node.fields),
    matched: node.matched === undefined ? undefined : inOrder(node.matched),
  }
}

function sortNodes(nodes: Nodes): Nodes {
  const inner = [...nodes].map(([name, node]) => [name, inOrder(node)] as const)
  return new Map(inner.length < 2 ? inner : inner.sort(([left], [right]) => compareNames(left, right)))
}

/** Numeric names first and by value, the others by their characters: the order in which MongoDB adds new fields. */
function compareNames(a: string, b: string): number {
  const [left, right] = [isNumeric(a), isNumeric(b)]
  if (left && right) return Number(a) - Number(b)
  if (left !== right) return left ? -1 : 1
  return a < b ? -1 : Number(a > b)
}

function isNumeric(name: string): boolean {
  return name.charCodeAt(0) <= 0x39 && /^\d+$/.test(name)
}
