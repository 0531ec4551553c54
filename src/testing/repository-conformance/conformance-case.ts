import type { Repository } from '../../core/repository/repository.ts'
import { equalValues } from '../../core/specification/equality.ts'
import { assertSame } from '../assert.ts'

/** What the repositories under test keep. `id`, `title`, `done` and `at` always have a value. */
export interface Entry {
  readonly id: string
  readonly title: string
  readonly done: boolean
  readonly rank: number | null
  readonly at: Date
  /** Present in a repository that counts versions. */
  readonly version?: number | undefined
  /** Present in a repository that keeps times. */
  readonly createdAt?: Date | undefined
  readonly updatedAt?: Date | undefined
}

/** What a repository under test must do besides. */
export interface RepositoryTraits {
  /** Deleted entries are marked. */
  readonly softDelete?: boolean
  /** The field `version` counts changes. */
  readonly version?: boolean
  /** The fields `createdAt` and `updatedAt` are kept, by this clock. */
  readonly timestamps?: { readonly clock: () => number }
  /** Entries belong to this tenant. The function may answer undefined. */
  readonly tenant?: () => string | undefined
}

/** Storage that is empty at first; all repositories of it see the same entries. */
export interface RepositoryStorage extends AsyncDisposable {
  repository(traits: RepositoryTraits): Repository<Entry>
}

/** What an implementation supplies to be tested. */
export interface RepositoryHarness {
  open(): Promise<RepositoryStorage>
}

/** One behaviour that every repository must show. `run` rejects when it does not. */
export interface RepositoryCase {
  readonly topic: string
  readonly name: string
  readonly run: (harness: RepositoryHarness) => Promise<void>
}

export type Check = (storage: RepositoryStorage) => Promise<void>

/** Makes the cases of one topic. */
export function topic(name: string, checks: Readonly<Record<string, Check>>): readonly RepositoryCase[] {
  return Object.entries(checks).map(([behaviour, check]) => ({
    topic: name,
    name: behaviour,
    async run(harness) {
      await using storage = await harness.open()
      await check(storage)
    },
  }))
}

export function entry(id: string, more: Partial<Entry> = {}): Entry {
  return { id, title: `title ${id}`, done: false, rank: null, at: new Date(0), ...more }
}

export const ids = (entries: readonly Entry[]): readonly string[] => entries.map(({ id }) => id)

export function assertEqual(actual: unknown, expected: unknown, what: string): void {
  assertSame({ actual, expected, equal: equalValues(actual, expected) }, what)
}
