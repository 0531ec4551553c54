import { UsageError } from '../../core/errors.ts'
import { splitStatements } from './split-statements.ts'

/** One forward step of the schema, as data: what a file holds, without the file. */
export interface SqlMigration {
  /** Unique and never changed, for example the file's name: `0001_products`. */
  readonly name: string
  /** A script, cut at its semicolons and drizzle-kit's breakpoints, or statements that are cut already. */
  readonly sql: string | readonly string[]
}

/** A migration as it is run. */
export interface PreparedMigration {
  readonly name: string
  readonly statements: readonly string[]
  /** SHA-256 of the statements, in hexadecimal. */
  readonly checksum: string
}

/** @throws UsageError for a name that is empty or used twice, and for a migration without a statement */
export async function prepareMigrations(migrations: readonly SqlMigration[]): Promise<PreparedMigration[]> {
  const names = new Set<string>()
  return Promise.all(
    migrations.map(async ({ name, sql }) => {
      if (name === '' || names.has(name))
        throw new UsageError(`two migrations are called "${name}", or one has no name`)
      names.add(name)
      const statements = typeof sql === 'string' ? splitStatements(sql) : sql
      if (statements.length === 0) throw new UsageError(`migration ${name} has no statement`)
      return { name, statements, checksum: await checksumOf(statements) }
    }),
  )
}

async function checksumOf(statements: readonly string[]): Promise<string> {
  const bytes = new TextEncoder().encode(statements.map((statement) => statement.trim()).join('\0'))
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
