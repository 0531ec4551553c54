import { sql, type SQL } from 'drizzle-orm'
import { MigrationError } from '../errors.ts'
import type { DbSession } from '../session/session.ts'
import { tableName } from './history.ts'
import type { PreparedMigration } from './migration.ts'

/** What drizzle-orm's migrator, which `drizzle-kit migrate` runs, has recorded. */
export interface DrizzleRecord {
  readonly hash: string
  readonly generatedAt: number
}

/** The table in which drizzle-orm's migrator records what it applied. It is read, and only `down` writes to it. */
export class DrizzleHistory {
  readonly #name: string
  readonly #table: SQL

  constructor(name: string) {
    this.#name = name
    this.#table = tableName(name)
  }

  /** Oldest first; nothing when there is no such table. */
  async read(session: DbSession): Promise<readonly DrizzleRecord[]> {
    const quoted = this.#name
      .split('.')
      .map((part) => `"${part.replaceAll('"', '""')}"`)
      .join('.')
    const [found] = await session.execute<{ exists: boolean }>(
      sql`select to_regclass(${quoted}::text) is not null as "exists"`,
    )
    if (found?.exists !== true) return []
    const rows = await session.execute<{ hash: string; at: string }>(
      sql`select hash, created_at::text as at from ${this.#table} order by created_at`,
    )
    return rows.map(({ hash, at }) => ({ hash, generatedAt: Number(at) }))
  }

  /** Removes the record of a migration, and returns its row. */
  remove(generatedAt: number): SQL {
    return sql`delete from ${this.#table} where created_at = ${generatedAt}::bigint returning 1`
  }
}

/**
 * Which of the migrations that are not recorded here were applied by drizzle-orm: the first ones, or none.
 *
 * @throws MigrationError for a file that was changed since, and where the order of both does not agree
 */
export function adoptedOf(
  unrecorded: readonly PreparedMigration[],
  records: readonly DrizzleRecord[],
): readonly PreparedMigration[] {
  const hashes = new Map(records.map(({ generatedAt, hash }) => [generatedAt, hash]))
  const isIn = ({ drizzle }: PreparedMigration): boolean => drizzle !== undefined && hashes.has(drizzle.generatedAt)
  const end = unrecorded.findIndex((migration) => !isIn(migration))
  const adopted = end < 0 ? unrecorded : unrecorded.slice(0, end)
  for (const { name, drizzle } of adopted) {
    if (drizzle !== undefined && hashes.get(drizzle.generatedAt) !== drizzle.hash) {
      throw new MigrationError(
        `migration ${name} cannot be adopted: its file was changed after drizzle-orm applied it`,
        {
          hint: `Restore the file, with its line ends, or mark it as applied with baseline('${name}').`,
          details: { migrations: [name] },
        },
      )
    }
  }
  assertNothingLater(unrecorded[adopted.length], records)
  return adopted
}

/** drizzle-orm would pass over it silently. */
function assertNothingLater(next: PreparedMigration | undefined, records: readonly DrizzleRecord[]): void {
  const at = next?.drizzle?.generatedAt
  if (next === undefined || at === undefined || records.every(({ generatedAt }) => generatedAt <= at)) return
  throw new MigrationError(
    `migration ${next.name} cannot be applied: drizzle-orm has applied one that was generated after it`,
    {
      hint: `Run its statements by hand where they are missing, and mark it with baseline('${next.name}').`,
      details: { migrations: [next.name] },
    },
  )
}
