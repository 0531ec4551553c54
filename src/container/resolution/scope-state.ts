import type { MadeInstance } from './disposal.ts'
import type { Registration } from './entry.ts'
import type { Phase } from './phase.ts'
import type { Registry } from './registry.ts'

/** An async creation that has not settled; a list, newest first. */
export interface Pending {
  readonly waiter: ScopeState
  readonly registration: Registration
  readonly promise: Promise<unknown>
  /** Whether a caller will see its failure. */
  awaited: boolean
  next: Pending | undefined
}

/** A scope, or the root, as seen by what makes and releases its instances. */
export interface ScopeState {
  readonly registry: Registry
  readonly root: ScopeState
  /** The instances, each at the place of its registration. */
  readonly values: unknown[]
  /** What has to be released, newest first. */
  made: MadeInstance | undefined
  pending: Pending | undefined
  phase: Phase
  /** Whether an instance was handed in whose dependencies may never be made. */
  readonly provided: boolean
  dispose(): void | Promise<void>
}
