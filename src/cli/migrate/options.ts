import { UsageError } from '../../core/errors.ts'

export type MigrateTask = 'status' | 'up' | 'down' | 'baseline' | 'dry-run'

/** As they are written on the line. */
export interface MigrateOptions {
  readonly url?: string
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

/** @throws UsageError, which repeats no argument: a URL holds a password */
export function toMigrateLine({ task, name, options }: MigrateRequest, env: NodeJS.ProcessEnv): MigrateLine {
  const url = options.url ?? env['DATABASE_URL'] ?? ''
  if (url === '') throw usage('the database URL must be given, by DATABASE_URL or --url')
  return {
    task,
    name,
    url,
    driver: options.driver,
    folder: options.module === undefined ? (options.folder ?? 'drizzle') : undefined,
    module: options.module,
    table: options.table,
    drizzleTable: options.drizzleTable,
    resume: options.resume,
    timeoutMs: secondsOf(options.timeout) * 1000,
    check: options.check ?? false,
  }
}

function secondsOf(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text)
  throw usage('--timeout must be a whole number of seconds from 1 to 9999999')
}

function usage(message: string): UsageError {
  return new UsageError(message, { hint: 'lexigram-edge help migrate' })
}
