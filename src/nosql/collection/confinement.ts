import { UsageError } from '../../core/errors.ts'
import type { FilterNode } from '../query/filter-node.ts'
import type { CollectionScope } from './collection-scope.ts'
import type { Filter, LooseObject } from './types/filter.ts'

/**
 * What an operation on a collection cannot leave: documents that do not match are neither read, counted, changed nor deleted,
 * and what is written is made to match. It lives in the scope that all operations start from.
 */
export interface Confinement {
  /** Filters that hold beside the caller's, as they are written. */
  readonly base: readonly Filter[]
  /** The same, parsed. */
  readonly node: FilterNode
  /** A new document, or one that takes the place of another. @throws PermissionDeniedError for one that lies outside */
  readonly document: (document: object) => object
  /** @throws PermissionDeniedError for an update that would lead outside */
  readonly update: (update: unknown) => unknown
  /** @throws UsageError for a stage that reads or writes outside */
  readonly pipeline: (stages: readonly LooseObject[]) => readonly LooseObject[]
}

/** The caller's filter stands beside the base, never in its place. */
export function confineFilter({ confinement }: CollectionScope, filter: FilterNode): FilterNode {
  return confinement === undefined ? filter : { kind: 'and', nodes: [confinement.node, filter] }
}

export function confineSource({ confinement }: CollectionScope, filter: Filter): Filter {
  return confinement === undefined ? filter : { $and: [...confinement.base, filter] }
}

export function confineDocument({ confinement }: CollectionScope, document: unknown): unknown {
  if (confinement === undefined || typeof document !== 'object' || document === null) return document
  return confinement.document(document)
}

export function confineUpdate({ confinement }: CollectionScope, update: unknown): unknown {
  return confinement === undefined ? update : confinement.update(update)
}

export function confinePipeline(
  { confinement }: CollectionScope,
  stages: readonly LooseObject[],
): readonly LooseObject[] {
  return confinement === undefined ? stages : confinement.pipeline(stages)
}

/** For what concerns the collection as a whole. @throws UsageError in a confined one */
export function assertUnconfined({ confinement, name }: CollectionScope, operation: string): void {
  if (confinement === undefined) return
  throw new UsageError(`${operation} cannot run on the collection of a repository: it concerns all documents`, {
    hint: `Use store.collection('${name}').${operation}.`,
  })
}
