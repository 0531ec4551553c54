import { sha256Hex } from '../../core/sha256.ts'
import { assertOptions, must } from '../../core/assert-options.ts'
import { UsageError } from '../../core/errors.ts'
import { controlsTransaction } from './describe-statement.ts'
import { locateStatements, splitStatements } from './split-statements.ts'

/** A script, cut at its semicolons and drizzle-kit's breakpoints, or statements that are cut already. */
export type MigrationScript = string | readonly string[]

/** One step of the schema, as data: what a file holds, without the file. */
export interface SqlMigration {
  /** Unique and never changed, for example the file's name: `0001_products`. */
  readonly name: string
  readonly sql: MigrationScript
  /** Undoes `sql`, for `migrator.down()`. */
  readonly down?: MigrationScript | undefined
  /**
   * `false` runs the statements one by one, each by itself, for what PostgreSQL refuses inside a transaction, such as
   * `create index concurrently`. When one fails, those before it stay. @default true
   */
  readonly transaction?: boolean | undefined
  /** When drizzle-kit generated it, in milliseconds. drizzle-orm's own migrator knows it by this. */
  readonly generatedAt?: number | undefined
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
  readonly down: readonly MigrationStatement[] | undefined
  readonly transaction: boolean
  /** SHA-256 of the statements, in hexadecimal. */
  readonly checksum: string
  /** How drizzle-orm's own migrator records it, where drizzle-kit generated it. */
  readonly drizzle: { readonly hash: string; readonly generatedAt: number; readonly name: string } | undefined
}

const knownParts = {
  name: must.beText,
  sql: must.beAnything,
  down: must.beAnything,
  transaction: must.beBoolean,
  generatedAt: must.beNumberFrom(0),
}

/**
 * @throws UsageError for a part that does not exist or has another type, for a name that is empty or used twice, for a migration without a statement, and for one that begins
 * or ends a transaction itself
 */
export async function prepareMigrations(migrations: readonly SqlMigration[]): Promise<PreparedMigration[]> {
  const names = new Set<string>()
  return Promise.all(
    migrations.map(async (migration, i) => {
      const {
        name,
        sql,
        down,
        transaction = true,
        generatedAt,
      } = assertOptions(migration, knownParts, `migration ${i + 1}`)
      if (name === '' || names.has(name))
        throw new UsageError(
          name === '' ? 'a migration must have a name' : `two migrations cannot have the same name "${name}"`,
        )
      names.add(name)
      const statements = statementsOf(name, sql)
      const drizzle = generatedAt !== undefined && { hash: await sha256Hex(textOf(sql)), generatedAt, name }
      return {
        name,
        statements,
        down: down === undefined ? undefined : statementsOf(`${name}, down`, down),
        transaction,
        checksum: await sha256Hex(statements.map(({ text }) => text.trim()).join('\0')),
        drizzle: drizzle || undefined,
      }
    }),
  )
}

function statementsOf(name: string, script: MigrationScript): readonly MigrationStatement[] {
  if (typeof script !== 'string' && !isTexts(script))
    throw new UsageError(`migration ${name} must be text, or an array of it`)
  const statements =
    typeof script === 'string' ? locateStatements(script) : script.map((text) => ({ text, line: undefined }))
  if (statements.length === 0) throw new UsageError(`migration ${name} must have a statement`)
  assertNoTransactionControl(name, statements)
  return statements
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === 'string')
}

function textOf(script: MigrationScript): string {
  return typeof script === 'string' ? script : script.join('--> statement-breakpoint')
}

/** What came before a commit would stay, although the rest failed. */
function assertNoTransactionControl(name: string, statements: readonly MigrationStatement[]): void {
  const at = statements.findIndex(({ text }) => splitStatements(text).some(controlsTransaction))
  if (at < 0) return
  const line = statements[at]?.line
  const place = line === undefined ? `statement ${at + 1}` : `statement ${at + 1}, line ${line}`
  throw new UsageError(`migration ${name} cannot begin or end a transaction (${place})`, {
    hint: 'Leave it out: each migration is one transaction, or none with transaction: false.',
  })
}
