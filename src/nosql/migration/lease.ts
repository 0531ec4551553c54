import { DuplicateKeyError } from '../../core/errors.ts'
import type { DocumentStore } from '../store/document-store.ts'
import { MigrationLockedError } from './errors.ts'

/** The clock of a runner. Tests replace it. */
export interface Timing {
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly sleep: (milliseconds: number) => Promise<void>
  /** Calls back again and again until the returned function is called. */
  readonly every: (milliseconds: number, callback: () => void) => () => void
}

export interface LeaseOptions extends Timing {
  /** How long a silent runner keeps the lock, in milliseconds. */
  readonly leaseMs: number
  /** How long to wait for another runner, in milliseconds. */
  readonly waitMs: number
  readonly pollMs: number
}

/**
 * A lock that expires unless its holder renews it. Two runners can both believe to hold it only while their
 * clocks differ by more than the lease; records name their runner, so that the late one is still found out.
 */
export class Lease {
  readonly #store: DocumentStore
  readonly #name: string
  readonly #owner: string
  readonly #options: LeaseOptions
  readonly #lost = new AbortController()
  #expiresAt = 0
  #stop: () => void = () => undefined

  private constructor(store: DocumentStore, name: string, options: LeaseOptions & { readonly owner: string }) {
    this.#store = store
    this.#name = name
    this.#owner = options.owner
    this.#options = options
  }

  /** @throws MigrationLockedError when another runner still holds the lock after `waitMs`. */
  static async acquire(
    store: DocumentStore,
    name: string,
    options: LeaseOptions & { owner: string; onWait: () => void },
  ) {
    const lease = new Lease(store, name, options)
    const patience = options.now() + options.waitMs
    for (let attempt = 0; !(await lease.#take()); attempt++) {
      if (options.now() >= patience)
        throw new MigrationLockedError('migrations cannot run: another runner is applying them', {
          hint: 'Wait for the other runner; the lock of one that died expires.',
        })
      if (attempt === 0) options.onWait()
      await options.sleep(options.pollMs)
    }
    lease.#stop = options.every(options.leaseMs / 3, () => void lease.#beat())
    return lease
  }

  /** Aborted when the lock was lost. */
  get signal(): AbortSignal {
    return this.#lost.signal
  }

  /** Renews the lease after half of it has passed. @throws MigrationLockedError when the lock was lost. */
  async assertHeld(): Promise<void> {
    if (this.#options.now() > this.#expiresAt - this.#options.leaseMs / 2) await this.#renew()
    this.#lost.signal.throwIfAborted()
  }

  async release(): Promise<void> {
    this.#stop()
    await this.#collection.deleteOne({ _id: this.#name, owner: this.#owner })
  }

  async #take(): Promise<boolean> {
    const { now, leaseMs } = this.#options
    const taken = now()
    const expiresAt = taken + leaseMs
    try {
      await this.#collection.updateOne(
        { _id: this.#name, expiresAt: { $lte: new Date(taken) } },
        { $set: { owner: this.#owner, expiresAt: new Date(expiresAt), takenAt: new Date(taken) } },
        { upsert: true },
      )
    } catch (error) {
      if (error instanceof DuplicateKeyError) return false
      throw error
    }
    this.#expiresAt = expiresAt
    return true
  }

  async #renew(): Promise<void> {
    const expiresAt = this.#options.now() + this.#options.leaseMs
    const filter = { _id: this.#name, owner: this.#owner }
    const result = await this.#collection.updateOne(filter, { $set: { expiresAt: new Date(expiresAt) } })
    if (result.matchedCount > 0) this.#expiresAt = Math.max(this.#expiresAt, expiresAt)
    else
      this.#lost.abort(new MigrationLockedError('migrations cannot continue: another runner has taken over the lock'))
  }

  /** A failed renewal does not end the lease: the next one may succeed. */
  async #beat(): Promise<void> {
    try {
      await this.#renew()
    } catch (cause) {
      if (this.#options.now() < this.#expiresAt) return
      this.#lost.abort(
        new MigrationLockedError('migrations cannot continue: the lock expired and could not be renewed', { cause }),
      )
    }
  }

  get #collection() {
    return this.#store.collection('_migrations_lock')
  }
}
