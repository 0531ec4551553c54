import type { CollectionSpec } from '../contract/define-collection.ts'
import type { DriverCollection } from '../contract/driver-collection.ts'
import type { CallOptions, Session } from '../store/session.ts'
import { callContext } from '../store/store-context.ts'
import { UsageError } from '../../core/errors.ts'
import { isReadablePlainObject } from '../../core/plain-object.ts'
import { DocumentSession } from '../store/document-session.ts'
import { spendingOf, type Spending } from './spending.ts'
import type { ExpressionEngine } from '../query/expression-engine.ts'
import type { FilterNode } from '../query/filter-node.ts'
import type { Filter, LooseObject } from './types/filter.ts'

/** One collection of one session: what every operation starts from. */
export interface CollectionScope {
  readonly session: Session
  readonly name: string
  readonly spec: CollectionSpec | undefined
  /** What no operation on it can leave. */
  readonly confinement?: Confinement | undefined
  /** What the operation has spent so far, where a budget bounds it. */
  readonly spending?: Spending | undefined
}

export function open({ session, name, spec }: CollectionScope, options?: CallOptions): Promise<DriverCollection> {
  return session.open(name, spec, callContext(session, options))
}

/** Whether values of MongoDB's own classes are stored and compared by the backend. */
export function hasVendorValues({ session }: CollectionScope): boolean {
  return session.store.backend.capabilities.vendorValues === 'mongodb'
}

/** The same with a fixed clock: several operations that are one command have one `$$NOW`. */
export function atOneMoment(scope: CollectionScope): CollectionScope {
  const { session } = scope
  const now = session.store.clock()
  return {
    ...scope,
    session: {
      store: {
        ...session.store,
        clock: () => now,
        context: (options) => ({ ...session.store.context(options), now }),
      },
      transactional: session.transactional,
      span: session.span,
      open: (name, spec, context) => session.open(name, spec, { ...context, now }),
      inTurn: (work) => session.inTurn(work),
      markFailed: (error) => session.markFailed(error),
    },
  }
}

/** With another engine for the expressions of its filters and updates. */
export function withExpressions(scope: CollectionScope, expressions: ExpressionEngine): CollectionScope {
  const { session } = scope
  return { ...scope, session: { ...session, store: { ...session.store, expressions } } }
}

/** The same for another collection of the same store or transaction. */
export function otherCollection({ session, spending }: CollectionScope, name: string): CollectionScope {
  return { session, name, spec: undefined, spending }
}

/** The same without its confinement: for what was confined already. */
export function unconfined(scope: CollectionScope): CollectionScope {
  return scope.confinement === undefined ? scope : { ...scope, confinement: undefined }
}

/**
 * The same for one operation: within the transaction of the session that it was called with, and by its budget. Wrong
 * options are refused where they are checked, and a session that cannot be used where the collection is opened.
 */
export function forOperation(scope: CollectionScope, options: unknown): CollectionScope {
  const { session: given, budget } = isReadablePlainObject(options) ? (options as GivenOptions) : {}
  const session = given instanceof DocumentSession ? given.enter(scope.session) : scope.session
  const spending = spendingOf(session.store.budget, budget)
  return session === scope.session && spending === undefined ? scope : { ...scope, session, spending }
}

/** Before they are checked. */
interface GivenOptions {
  readonly session?: unknown
  readonly budget?: unknown
}

/**
 * What an operation on a collection cannot leave: documents that do not match are neither read, counted, changed nor deleted,
 * and what is written is made to match. It lives in the scope that all operations start from.
 */
export interface Confinement {
  /** Filters that hold beside the caller's, as they are written. */
  readonly base: readonly Filter[]
  /** The same, parsed; undefined where there are none. */
  readonly node: FilterNode | undefined
  /** What is written, where it could lie outside; undefined where the base asks for nothing that a caller writes. */
  readonly writes: ConfinedWrites | undefined
  /** @throws UsageError for a stage that reads or writes outside */
  readonly pipeline: (stages: readonly LooseObject[]) => readonly LooseObject[]
}

export interface ConfinedWrites {
  /** A new document, or one that takes the place of another. @throws PermissionDeniedError for one that lies outside */
  readonly document: (document: object) => object
  /** @throws PermissionDeniedError for an update that would lead outside */
  readonly update: (update: unknown) => unknown
}

/** The caller's filter is added to the base and never replaces it. */
export function confineFilter({ confinement }: CollectionScope, filter: FilterNode): FilterNode {
  return confinement?.node === undefined ? filter : { kind: 'and', nodes: [confinement.node, filter] }
}

export function confineSource({ confinement }: CollectionScope, filter: Filter): Filter {
  return confinement === undefined ? filter : { $and: [...confinement.base, filter] }
}

export function confineDocument({ confinement }: CollectionScope, document: unknown): unknown {
  const writes = confinement?.writes
  return writes === undefined || typeof document !== 'object' || document === null
    ? document
    : writes.document(document)
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
