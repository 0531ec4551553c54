import { MigrationError } from '../errors.ts'
import { isFolder } from './drizzle-folders.ts'
import type { AppliedMigration } from './history.ts'
import type { PreparedMigration } from './migration.ts'

/**
 * Compares the migrations that were applied with those that exist: both lists must begin alike, in the same order. A
 * database may be ahead, because an older build may run beside a newer one.
 *
 * @throws MigrationError naming the first difference
 */
export function checkHistory(applied: readonly AppliedMigration[], known: readonly PreparedMigration[]): void {
  applied.slice(0, known.length).forEach((record, i) => {
    const migration = known[i]
    if (migration === undefined) return
    if (record.name !== migration.name) {
      throw new MigrationError(`migration ${i + 1} must be ${record.name}, as in the database, not ${migration.name}`, {
        hint: 'Never insert, remove or reorder migrations that were applied; add new ones at the end.',
      })
    }
    // If its first statement failed, nothing was done, and the statement may be corrected.
    if (record.checksum !== migration.checksum && record.statementsDone !== 0) {
      throw new MigrationError(`migration ${migration.name} cannot be changed after it was applied`, {
        hint: 'Restore it, and put the change into a new migration.',
      })
    }
  })
}

/**
 * `drizzle-kit up` moves the file `0000_products.sql` into a folder of another name: there the migration keeps the name
 * that it was recorded with.
 */
export function underRecordedNames(
  known: readonly PreparedMigration[],
  applied: readonly AppliedMigration[],
): readonly PreparedMigration[] {
  return known.map((migration, i) => {
    const record = applied[i]
    return record !== undefined && wasMoved(record, migration) ? { ...migration, name: record.name } : migration
  })
}

function wasMoved(record: AppliedMigration, { name, checksum }: PreparedMigration): boolean {
  return isFolder(name) && record.checksum === checksum && withoutPrefix(record.name) === withoutPrefix(name)
}

function withoutPrefix(name: string): string {
  return name.replace(/^[^_]*_/, '')
}

/** A migration that was begun outside a transaction and has not ended. */
export interface UnfinishedMigration {
  readonly migration: PreparedMigration
  readonly statementsDone: number
}

/** The first one that this build knows; nothing after it may run. */
export function findUnfinished(
  applied: readonly AppliedMigration[],
  known: readonly PreparedMigration[],
): UnfinishedMigration | undefined {
  for (const [i, { statementsDone }] of applied.entries()) {
    const migration = known[i]
    if (migration !== undefined && statementsDone !== null) return { migration, statementsDone }
  }
  return undefined
}

export function unfinishedError({ migration, statementsDone }: UnfinishedMigration): MigrationError {
  const { name, statements } = migration
  return new MigrationError(
    `migration ${name} must be finished first: it was begun, and ${statementsDone} of its ${statements.length} ` +
      'statements are known to be done',
    {
      hint:
        `If no other runner is at it, look at the database, then go on with apply({ resume: '${name}' }), ` +
        `mark it with baseline('${name}'), or undo it with down().`,
      details: { migrations: [name], statementsDone },
    },
  )
}
