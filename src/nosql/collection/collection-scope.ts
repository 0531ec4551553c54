import type { CollectionSpec } from '../contract/define-collection.ts'
import type { DriverCollection } from '../contract/driver-collection.ts'
import type { CallOptions } from '../store/store-context.ts'
import { isReadablePlainObject } from '../../core/plain-object.ts'
import { DocumentSession } from '../store/document-session.ts'
import type { Session } from '../store/session.ts'
import type { Confinement } from './confinement.ts'

/** One collection of one session: what every operation starts from. */
export interface CollectionScope {
  readonly session: Session
  readonly name: string
  readonly spec: CollectionSpec | undefined
  /** What no operation on it can leave. */
  readonly confinement?: Confinement | undefined
}

export function open({ session, name, spec }: CollectionScope, options?: CallOptions): Promise<DriverCollection> {
  return session.open(name, spec, session.store.context(options))
}

/** The same with a clock that stands still: several operations that are one command have one `$$NOW`. */
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
      open: (name, spec, context) => session.open(name, spec, { ...context, now }),
      inTurn: (work) => session.inTurn(work),
      markFailed: (error) => session.markFailed(error),
    },
  }
}

/** The same for another collection of the same store or transaction. */
export function otherCollection({ session }: CollectionScope, name: string): CollectionScope {
  return { session, name, spec: undefined }
}

/** The same without its confinement: for what was confined already. */
export function unconfined(scope: CollectionScope): CollectionScope {
  return scope.confinement === undefined ? scope : { ...scope, confinement: undefined }
}

/**
 * The same within the transaction of the session that an operation was called with. Wrong options are refused where they
 * are checked, and a session that cannot be used where the collection is opened.
 */
export function inSessionOf(scope: CollectionScope, options: unknown): CollectionScope {
  const given: unknown = isReadablePlainObject(options) ? options['session'] : undefined
  return given instanceof DocumentSession ? { ...scope, session: given.enter(scope.session) } : scope
}
