import type { CollectionSpec } from '../define-collection.ts'
import type { DriverCollection } from '../driver.ts'
import type { Session } from '../store/session.ts'

/** One collection of one session: what every operation starts from. */
export interface CollectionScope {
  readonly session: Session
  readonly name: string
  readonly spec: CollectionSpec | undefined
}

export function open({ session, name, spec }: CollectionScope): Promise<DriverCollection> {
  return session.open(name, spec)
}

/** The same for another collection of the same store or transaction. */
export function sibling({ session }: CollectionScope, name: string): CollectionScope {
  return { session, name, spec: undefined }
}
