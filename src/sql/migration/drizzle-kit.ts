import { UsageError } from '../../core/errors.ts'
import { readFolders } from './drizzle-folders.ts'
import type { SqlMigration } from './migration.ts'

/**
 * The SQL files of drizzle-kit's folder, by path, file name or tag: `./drizzle/0000_products.sql` or `0000_products`.
 * Your own file `0000_products.down.sql` undoes the one of the same tag. Of drizzle-kit 1.x, by path:
 * `./drizzle/20261128123000_products/migration.sql`, and `down.sql` beside it.
 */
export type DrizzleKitFiles = Readonly<Record<string, string>>

interface JournalEntry {
  readonly tag: string
  /** When the migration was generated, in milliseconds; drizzle-orm records it with what it applied. */
  readonly when: number
}

/**
 * Reads what `drizzle-kit generate` wrote as migrations, in the order of its journal, or of its folders, which drizzle-kit
 * 1.x writes in place of a journal. It takes imported values and no paths, so that a bundler can put them into a Worker.
 * Migrations that drizzle-orm has applied already count as applied. A file that begins with the line
 * `-- lexigram: no-transaction` runs outside a transaction.
 *
 * @param journal the content of `meta/_journal.json`
 * @param files the text of each SQL file
 * @throws UsageError for a journal of another form or of another database than PostgreSQL, for a file that is missing,
 * and for one that the journal does not list, or that has another name
 * @example
 * import { createMigrator, drizzleKitMigrations } from 'lexigram-edge/sql'
 * import journal from './drizzle/meta/_journal.json' with { type: 'json' }
 *
 * const files = import.meta.glob('./drizzle/*.sql', { query: '?raw', import: 'default', eager: true })
 * const migrator = createMigrator({ database, migrations: drizzleKitMigrations(journal, files) })
 */
export function drizzleKitMigrations(journal: unknown, files: DrizzleKitFiles): readonly SqlMigration[]
/** The same of folders, which drizzle-kit 1.x writes without a journal. @param files the text of each SQL file */
export function drizzleKitMigrations(files: DrizzleKitFiles): readonly SqlMigration[]
export function drizzleKitMigrations(...given: [unknown] | [unknown, DrizzleKitFiles]): readonly SqlMigration[] {
  const [first, files] = given
  return files === undefined ? migrationsOfFolders(first) : migrationsOfJournal(first, files)
}

function migrationsOfFolders(files: unknown): readonly SqlMigration[] {
  if (typeof files !== 'object' || files === null) throw new UsageError('the files of drizzle-kit must be an object')
  // `readFolders` checks that each is text.
  return readFolders(files as DrizzleKitFiles).map(({ down, ...migration }) => ({
    ...migration,
    ...extrasOf(migration.name, migration.sql, down),
  }))
}

function migrationsOfJournal(journal: unknown, files: DrizzleKitFiles): readonly SqlMigration[] {
  const entries = entriesOf(journal)
  const texts = byTag(files)
  const tags = new Set(entries.map(({ tag }) => tag))
  const unlisted = [...texts.keys()].find((tag) => !tags.has(tag.replace(/\.down$/, '')))
  if (unlisted !== undefined) {
    throw new UsageError(`the file ${unlisted}.sql must be listed in the journal of drizzle-kit`, {
      hint: 'Generate it with drizzle-kit generate, --custom for your own statements, or remove the file.',
    })
  }
  return entries.map(({ tag, when }) => {
    const sql = texts.get(tag)
    const down = texts.get(`${tag}.down`)
    if (sql !== undefined) return { name: tag, sql, generatedAt: when, ...extrasOf(tag, sql, down) }
    throw new UsageError(`the migration ${tag} cannot be read: its file ${tag}.sql is missing`, {
      hint: 'Pass the text of every SQL file in the folder of drizzle-kit.',
    })
  })
}

function extrasOf(tag: string, sql: string, down: string | undefined): Pick<SqlMigration, 'down' | 'transaction'> {
  return { ...(down !== undefined && { down }), ...(hasNoTransaction(tag, sql) && { transaction: false }) }
}

/** @throws UsageError for another word, so that none is skipped */
function hasNoTransaction(tag: string, sql: string): boolean {
  const words = [...leadingComments(sql).matchAll(/^\s*--\s*lexigram:\s*(.*?)\s*$/gm)].map(([, word]) => word)
  if (words.every((word) => word === 'no-transaction')) return words.length > 0
  throw new UsageError(`the line "-- lexigram: …" of ${tag}.sql must be "-- lexigram: no-transaction"`)
}

function leadingComments(sql: string): string {
  return /^(?:\s*--(?!>)[^\n]*(?:\n|$))*/.exec(sql)?.[0] ?? ''
}

function entriesOf(journal: unknown): readonly JournalEntry[] {
  const { dialect, entries }: Readonly<Record<string, unknown>> = Object(journal)
  if (!Array.isArray(entries) || !entries.every(isEntry)) {
    throw new UsageError('the journal must be the content of meta/_journal.json, as drizzle-kit writes it')
  }
  if (dialect !== 'postgresql' && dialect !== 'pg') {
    throw new UsageError(`the dialect of the journal must be postgresql, not ${JSON.stringify(dialect)}`)
  }
  return entries
}

function isEntry(entry: unknown): entry is JournalEntry {
  const { tag, when }: Readonly<Record<string, unknown>> = Object(entry)
  return typeof tag === 'string' && tag !== '' && Number.isSafeInteger(when)
}

function byTag(files: DrizzleKitFiles): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  for (const [path, text] of Object.entries(files)) {
    const tag = path.replace(/^.*[/\\]/, '').replace(/\.sql$/, '')
    if (typeof text !== 'string') {
      throw new UsageError(`the file ${tag}.sql must be text`, {
        hint: "Import it as text; import.meta.glob takes { query: '?raw', import: 'default', eager: true }.",
      })
    }
    if (texts.has(tag)) throw new UsageError(`the file ${tag}.sql cannot be given twice`)
    texts.set(tag, text)
  }
  return texts
}
