import { sql, type SQL } from 'drizzle-orm'
import { MigrationError } from '../errors.ts'
import type { DbSession } from '../session/session.ts'
import { isFolder } from './drizzle-folders.ts'
import { tableName } from './history.ts'
import type { PreparedMigration } from './migration.ts'

/** What drizzle-orm's migrator, which `drizzle-kit migrate` runs, has recorded. */
export interface DrizzleRecord {
  readonly id: number
  readonly hash: string
  readonly generatedAt: number
  /** The folder of the migration, which 1.x knows it by; 0.x has no names. */
  readonly name: string | null
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
    const rows = await session.execute<{ id: number; hash: string; at: string; name: string | null }>(
      sql`select id, hash, created_at::text as at, to_jsonb(h) ->> 'name' as name from ${this.#table} h order by created_at`,
    )
    return rows.map(({ at, ...row }) => ({ ...row, generatedAt: Number(at) }))
  }

  /** Removes the record of a migration, and returns its row. */
  remove({ id }: DrizzleRecord): SQL {
    return sql`delete from ${this.#table} where id = ${id} returning 1`
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
  const end = unrecorded.findIndex((migration) => recordOf(migration, records) === undefined)
  const adopted = end < 0 ? unrecorded : unrecorded.slice(0, end)
  for (const migration of adopted) {
    const { name, drizzle } = migration
    if (drizzle !== undefined && recordOf(migration, records)?.hash !== drizzle.hash) {
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

/**
 * The record of a migration: that of its folder's name; without names, of the time when it was generated, which the name of
 * a folder says in seconds and a journal in milliseconds.
 */
export function recordOf({ drizzle }: PreparedMigration, records: readonly DrizzleRecord[]): DrizzleRecord | undefined {
  if (drizzle === undefined) return undefined
  const { name, generatedAt, hash } = drizzle
  const named = records.find((record) => record.name === name)
  if (named !== undefined) return named
  if (!isFolder(name)) return records.find((record) => record.generatedAt === generatedAt)
  const same = records.filter((record) => record.name === null && inSeconds(record.generatedAt) === generatedAt)
  return same.find((record) => record.hash === hash) ?? same[0]
}

function inSeconds(ms: number): number {
  return ms - (ms % 1000)
}

/** drizzle-orm 0.x would skip it silently, and here migrations have one order. */
function assertNothingLater(next: PreparedMigration | undefined, records: readonly DrizzleRecord[]): void {
  if (next?.drizzle === undefined) return
  const { generatedAt: at, name } = next.drizzle
  const isEarlier = ({ generatedAt }: DrizzleRecord): boolean =>
    (isFolder(name) ? inSeconds(generatedAt) : generatedAt) <= at
  if (records.every(isEarlier)) return
  throw new MigrationError(
    `migration ${next.name} cannot be applied: drizzle-orm has applied one that was generated after it`,
    {
      hint: `Run its statements by hand where they are missing, and mark it with baseline('${next.name}').`,
      details: { migrations: [next.name] },
    },
  )
}
