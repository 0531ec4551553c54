import { UsageError } from '../../core/errors.ts'
import { findDatabase } from './find-database.ts'

export type MigrateTask = 'status' | 'up' | 'down' | 'baseline' | 'dry-run'

/** As they are written on the line. */
export interface MigrateOptions {
  readonly url?: string
  readonly database?: string
  readonly driver?: string
  readonly folder?: string
  readonly module?: string
  readonly table?: string
  readonly drizzleTable?: string
  readonly resume?: string
  readonly timeout: string
  readonly check?: boolean
}

/** What the line asks for. */
export interface MigrateLine {
  readonly task: MigrateTask
  /** Of the migration up to which `baseline` marks. */
  readonly name: string | undefined
  readonly url: string
  readonly driver: string | undefined
  /** One of both is there. */
  readonly folder: string | undefined
  readonly module: string | undefined
  readonly table: string | undefined
  readonly drizzleTable: string | undefined
  readonly resume: string | undefined
  readonly timeoutMs: number
  readonly check: boolean
}

export interface MigrateRequest {
  readonly task: MigrateTask
  readonly name: string | undefined
  readonly options: MigrateOptions
}

/** @throws UsageError, which repeats no URL: it holds a password */
export async function toMigrateLine(
  { task, name, options }: MigrateRequest,
  env: NodeJS.ProcessEnv,
): Promise<MigrateLine> {
  const { url, driver } = await placeOf(options, env)
  return {
    task,
    name,
    url,
    driver: options.driver ?? driver,
    folder: options.module === undefined ? (options.folder ?? 'drizzle') : undefined,
    module: options.module,
    table: options.table,
    drizzleTable: options.drizzleTable,
    resume: options.resume,
    timeoutMs: secondsOf(options.timeout) * 1000,
    check: options.check ?? false,
  }
}

async function placeOf(
  { url: given, database }: MigrateOptions,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly url: string; readonly driver?: string | undefined }> {
  if (database !== undefined) return findDatabase(database, env)
  const url = given ?? env['DATABASE_URL'] ?? ''
  if (url === '') throw usage('the database must be given, by DATABASE_URL, --database or --url')
  return { url }
}

function secondsOf(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text)
  throw usage('--timeout must be a whole number of seconds from 1 to 9999999')
}

function usage(message: string): UsageError {
  return new UsageError(message, { hint: 'lexigram-edge help migrate' })
}
