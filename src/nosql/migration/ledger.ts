import type { DocumentStore } from '../store/document-store.ts'
import type { Value } from '../query/value.ts'
import { MigrationLockedError } from './errors.ts'
import type { MigrationStep } from './operation.ts'
import { withoutLimits } from './without-limits.ts'

/** `running` with no runner alive means that the runner died: the next run resumes. */
export type RecordStatus = 'running' | 'interrupted' | 'failed' | 'applied' | 'rolled-back'

/** What the database remembers of one migration. */
export interface MigrationRecord {
  readonly id: string
  readonly position: number
  readonly description: string
  readonly checksum: string
  readonly status: RecordStatus
  /** Runs that were begun. */
  readonly attempts: number
  readonly startedAt: Date
  readonly finishedAt?: Date | null
  /** Of the last attempt. */
  readonly durationMs?: number
  /** Documents or other things changed, over all attempts. */
  readonly changed: number
  /** Name and code of the last attempt's error. */
  readonly error?: { readonly name: string; readonly code: string | null } | null
  readonly memory?: Value
}

type Change = Partial<Omit<MigrationRecord, 'id'>>

/** The records of one database's migrations, in the collection `_migrations`. */
export class Ledger {
  readonly #store: DocumentStore
  readonly #dbName: string
  readonly #runner: string

  constructor(store: DocumentStore, dbName: string, runner: string) {
    this.#store = store
    this.#dbName = dbName
    this.#runner = runner
  }

  async read(): Promise<Map<string, MigrationRecord>> {
    const records = new Map<string, MigrationRecord>()
    const cursor = this.#collection.find({ database: this.#dbName }, { ...withoutLimits, sort: [['position', 1]] })
    for await (const document of cursor) {
      const record = document as unknown as MigrationRecord // written by this class only
      records.set(record.id, record)
    }
    return records
  }

  /** Claims the step for this runner. */
  async begin(step: MigrationStep, startedAt: Date): Promise<void> {
    await this.#collection.updateOne(
      { _id: this.#key(step) },
      {
        $set: {
          database: this.#dbName,
          id: step.id,
          position: step.position,
          description: step.operation.description,
          checksum: step.checksum,
          status: 'running',
          runner: this.#runner,
          startedAt,
          finishedAt: null,
          error: null,
        },
        $inc: { attempts: 1 },
        $setOnInsert: { changed: 0 },
      },
      { upsert: true },
    )
  }

  /** @throws MigrationLockedError when another runner has claimed the step since. */
  async write(step: MigrationStep, change: Change, changed = 0): Promise<void> {
    const result = await this.#collection.updateOne(
      { _id: this.#key(step), runner: this.#runner },
      { ...(Object.keys(change).length > 0 && { $set: change }), ...(changed > 0 && { $inc: { changed } }) },
    )
    if (result.matchedCount === 0)
      throw new MigrationLockedError(`migration '${step.id}' cannot continue: another runner has taken it over`, {
        details: { migration: step.id },
      })
  }

  get #collection() {
    return this.#store.collection('_migrations')
  }

  #key(step: MigrationStep): string {
    return `${this.#dbName}/${step.id}`
  }
}
