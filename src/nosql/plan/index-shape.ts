import type { IndexModel } from '../contract/index-model.ts'
import type { FilterNode } from '../query/filter-node.ts'
import { parseFilter } from '../query/filter/parse-filter.ts'
import { conjuncts } from './conjuncts.ts'
import type { Facts } from './facts.ts'
import { isImplied, needsPath } from './implied.ts'

/**
 * How a backend keeps documents whose indexed paths hold arrays.
 *
 * - `none`: no document has arrays, or they are read elsewhere: each document has one entry.
 * - `entries`: one entry per element, so that a document is found several times.
 * - `apart`: under a separate class, `ordered-key`'s `manyKey`, which every read of the index reads too.
 */
export type ArrayEntries = 'none' | 'entries' | 'apart'

/** What a planner has to know of an index: entries in the order of its keys, ties by ascending `_id`. */
export interface IndexShape {
  readonly name: string
  readonly key: IndexModel['key']
  readonly arrays: ArrayEntries
  /** Documents without any of the paths are not in it. @default false */
  readonly sparse?: boolean | undefined
  /** Only documents that match this are in it. @default all */
  readonly partial?: FilterNode | undefined
  /** How many of the first paths need one equal value each before the index can be read. @default 0 */
  readonly partition?: number | undefined
  /**
   * Whether it can be read backwards: `same ties` if entries with equal keys still come by ascending `_id`, `reversed
   * ties` if they come by descending `_id`, so that a run of equal keys has to be put in order here.
   * @default 'same ties'
   */
  readonly backwards?: 'same ties' | 'reversed ties' | 'no' | undefined
}

/** The shape of a declared or existing index. `arrays` defaults to what the facts know: `none` if every path is scalar. */
export function indexShape(
  model: IndexModel,
  facts: Facts,
  options: Partial<Pick<IndexShape, 'arrays' | 'partition' | 'backwards'>> = {},
): IndexShape {
  const { partialFilterExpression: partial, name, key, sparse } = model
  const scalar = key.every(([path]) => facts(path).scalar)
  return {
    name,
    key,
    sparse,
    partial: partial === undefined ? undefined : parseFilter(partial),
    ...options,
    arrays: scalar ? 'none' : (options.arrays ?? 'entries'),
  }
}

/** Whether every document that satisfies the conjuncts is in the index, whatever it is read by. */
export function holdsAll(shape: IndexShape, nodes: readonly FilterNode[], facts: Facts): boolean {
  if (shape.sparse === true && !shape.key.some(([path]) => nodes.some((node) => needsPath(node, path, facts)))) {
    return false
  }
  return shape.partial === undefined || conjuncts(shape.partial).every((wanted) => isImplied(wanted, nodes, facts))
}
