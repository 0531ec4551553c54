import { UsageError } from '../../core/errors.ts'

/** The files of one migration of drizzle-kit 1.x. */
export interface MigrationFolder {
  /** `20261128123000_products` */
  readonly name: string
  /** From the name, in milliseconds. */
  readonly generatedAt: number
  readonly sql: string
  readonly down: string | undefined
}

/** When it was generated, to the second and in UTC, and what it is about. */
const folder = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)_/

/** Whether a migration is called as drizzle-kit 1.x calls its folders. */
export function isFolder(name: string): boolean {
  return folder.test(name)
}

/**
 * Reads a folder for each migration, in the order of their names.
 *
 * @param files texts by path: `./drizzle/20261128123000_products/migration.sql`, and `down.sql` beside it
 * @throws UsageError for a file of another name, and for a folder without `migration.sql`
 */
export function readFolders(files: Readonly<Record<string, string>>): readonly MigrationFolder[] {
  const found = new Map<string, { sql?: string; down?: string }>()
  for (const [path, text] of Object.entries(files)) {
    const [, name = '', file = ''] = /([^/\\]*)[/\\]([^/\\]*)$/.exec(path) ?? []
    const part = file === 'migration.sql' ? 'sql' : file === 'down.sql' ? 'down' : undefined
    if (part === undefined || !isFolder(name)) {
      throw new UsageError(`the file ${path} must be migration.sql or down.sql in a folder of drizzle-kit`, {
        hint: 'Pass the journal of meta/_journal.json before the files, where there is one.',
      })
    }
    if (typeof text !== 'string') throw new UsageError(`the file ${path} must be text`)
    const known = found.get(name) ?? {}
    if (known[part] !== undefined) throw new UsageError(`the file ${name}/${file} cannot be given twice`)
    found.set(name, { ...known, [part]: text })
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { sql, down }]) => {
      if (sql !== undefined) return { name, sql, down, generatedAt: timeOf(name) }
      throw new UsageError(`the migration ${name} cannot be read: its file migration.sql is missing`)
    })
}

function timeOf(name: string): number {
  const [year = 0, month = 0, ...rest] = (folder.exec(name) ?? []).slice(1).map(Number)
  return Date.UTC(year, month - 1, ...rest)
}
