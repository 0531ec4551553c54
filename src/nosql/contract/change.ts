import type { Document, Value } from '../query/value.ts'

/** Where a stream of changes begins, and what it reports. */
export interface WatchRequest {
  /** The token of a change: those after it. Absent: those from now on. */
  readonly after?: string | undefined
  /** Whether an update comes with the document as it is when the change is read. */
  readonly lookup: boolean
}

/** An open stream of changes. */
export interface DriverChanges {
  /** Where it begins, for a stream that has reported nothing yet. Undefined where the backend does not say. */
  readonly token: string | undefined
  /**
   * How far the stream has read, for one that has reported nothing for long: past changes of other collections, too.
   * Undefined while the changes reported last may be unread. Absent where the token of a change stays good.
   */
  readonly position?: (() => string | undefined) | undefined
  /**
   * In the order in which they became visible; never ends by itself, but with the signal of the context, and when the
   * collection is dropped or renamed. Leaving early releases what the backend holds.
   */
  readonly changes: AsyncIterable<readonly DriverChange[]>
}

/** One change of a document, as a driver reports it. */
export interface DriverChange {
  readonly kind: 'insert' | 'update' | 'replace' | 'delete'
  readonly id: Value
  /**
   * What was inserted, or replaced another document; for an update the document of a lookup, null when it is gone,
   * or what the update has made of it, where the backend has that.
   * Absent where it was not asked for.
   */
  readonly document?: Document | null | undefined
  readonly at: Date
  /** Opaque, and for this collection only. */
  readonly token: string
}
