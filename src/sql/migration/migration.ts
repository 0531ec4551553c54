import { UsageError } from '../../core/errors.ts'
import { controlsTransaction } from './describe-statement.ts'
import { locateStatements, splitStatements } from './split-statements.ts'

/** One forward step of the schema, as data: what a file holds, without the file. */
export interface SqlMigration {
  /** Unique and never changed, for example the file's name: `0001_products`. */
  readonly name: string
  /** A script, cut at its semicolons and drizzle-kit's breakpoints, or statements that are cut already. */
  readonly sql: string | readonly string[]
}

/** A statement, and the line of the script on which it begins, where there is a script. */
export interface MigrationStatement {
  readonly text: string
  readonly line: number | undefined
}

/** A migration as it is run. */
export interface PreparedMigration {
  readonly name: string
  readonly statements: readonly MigrationStatement[]
  /** SHA-256 of the statements, in hexadecimal. */
  readonly checksum: string
}

/**
 * @throws UsageError for a name that is empty or used twice, for a migration without a statement, and for one that begins
 * or ends a transaction itself
 */
export async function prepareMigrations(migrations: readonly SqlMigration[]): Promise<PreparedMigration[]> {
  const names = new Set<string>()
  return Promise.all(
    migrations.map(async ({ name, sql }) => {
      if (name === '' || names.has(name))
        throw new UsageError(
          name === '' ? 'a migration must have a name' : `two migrations cannot have the same name "${name}"`,
        )
      names.add(name)
      const statements =
        typeof sql === 'string' ? locateStatements(sql) : sql.map((text) => ({ text, line: undefined }))
      if (statements.length === 0) throw new UsageError(`migration ${name} must have a statement`)
      assertOneTransaction(name, statements)
      return { name, statements, checksum: await checksumOf(statements.map(({ text }) => text)) }
    }),
  )
}

/** What came before a commit would stay, although the rest failed. */
function assertOneTransaction(name: string, statements: readonly MigrationStatement[]): void {
  const at = statements.findIndex(({ text }) => splitStatements(text).some(controlsTransaction))
  if (at < 0) return
  const line = statements[at]?.line
  const place = line === undefined ? `statement ${at + 1}` : `statement ${at + 1}, line ${line}`
  throw new UsageError(`migration ${name} cannot begin or end a transaction (${place})`, {
    hint: 'Leave it out: each migration is one transaction.',
  })
}

async function checksumOf(statements: readonly string[]): Promise<string> {
  const bytes = new TextEncoder().encode(statements.map((statement) => statement.trim()).join('\0'))
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
