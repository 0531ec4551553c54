/** An update by operators, as a tree of the paths it touches. */

import { NoSQLFilterError } from '../../errors.ts'
import { inside } from '../refusal.ts'
import type { Document, Value } from '../value.ts'

/** What a leaf knows while it is applied. */
export interface LeafContext {
  readonly now: Date
  /** True while an upsert makes a new document. */
  readonly insert: boolean
  /** The document before the update. */
  readonly original: Document
  /** Where the leaf stands, for errors. */
  readonly at: string
}

/** Gives the new value, the old one itself where nothing changes, or `undefined` for "no such field". Never mutates. */
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

/** All of them as one, by halves: a tree is copied with every merge. */
export function mergeAll(nodes: readonly [UpdateNode, ...UpdateNode[]]): UpdateNode {
  const merge = (start: number, end: number): UpdateNode => {
    if (end - start === 1) return nodes[start] as UpdateNode
    const middle = (start + end) >> 1
    return mergeNodes(merge(start, middle), merge(middle, end), '')
  }
  return merge(0, nodes.length)
}

/** @throws NoSQLFilterError (ConflictingUpdateOperators) where both touch one path, or one a part of the other */
export function mergeNodes(a: UpdateNode, b: UpdateNode, at: string): UpdateNode {
  if (a.kind === 'fields' && b.kind === 'fields') {
    return {
      kind: 'fields',
      fields: mergeMaps(a.fields, b.fields, at),
      matched: a.matched && b.matched ? mergeNodes(a.matched, b.matched, inside(at, '$')) : (a.matched ?? b.matched),
    }
  }
  if (a.kind === 'elements' && b.kind === 'elements') {
    return { kind: 'elements', filters: mergeMaps(a.filters, b.filters, at) }
  }
  throw new NoSQLFilterError('two operators change the same path', {
    reason: 'ConflictingUpdateOperators',
    path: at,
    hint: 'Change each path with one operator, or use a pipeline.',
  })
}

function mergeMaps(
  a: ReadonlyMap<string, UpdateNode>,
  b: ReadonlyMap<string, UpdateNode>,
  at: string,
): ReadonlyMap<string, UpdateNode> {
  const merged = new Map(a)
  for (const [name, node] of b) {
    const present = merged.get(name)
    merged.set(name, present === undefined ? node : mergeNodes(present, node, inside(at, name)))
  }
  return new Map([...merged].sort(([left], [right]) => compareNames(left, right)))
}

/** Numeric names first and by value, the others by their characters: the order in which MongoDB adds new fields. */
function compareNames(a: string, b: string): number {
  const numeric = /^\d+$/
  if (numeric.test(a) && numeric.test(b)) return Number(a) - Number(b)
  if (numeric.test(a) !== numeric.test(b)) return numeric.test(a) ? -1 : 1
  return a < b ? -1 : Number(a > b)
}
