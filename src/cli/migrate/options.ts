import { parseArgs, type ParseArgsConfig } from 'node:util'
import { UsageError } from '../../core/errors.ts'

const options = {
  url: { type: 'string' },
  driver: { type: 'string' },
  folder: { type: 'string' },
  module: { type: 'string' },
  table: { type: 'string' },
  'drizzle-table': { type: 'string' },
  resume: { type: 'string' },
  timeout: { type: 'string', default: '3600' },
  check: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const satisfies ParseArgsConfig['options']

const tasks = ['status', 'up', 'down', 'baseline', 'dry-run'] as const
export type MigrateTask = (typeof tasks)[number]

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

/** @throws UsageError, which repeats no argument: a URL holds a password */
export function parseLine(args: readonly string[], env: NodeJS.ProcessEnv): MigrateLine {
  const { positionals, values } = parse(args)
  const task = tasks.find((known) => known === positionals[0])
  if (task === undefined) throw usage(`the task of migrate must be one of ${tasks.join(', ')}`)
  const name = task === 'baseline' ? positionals[1] : undefined
  if (task === 'baseline' && name === undefined) throw usage('baseline cannot run: no migration was named')
  if (positionals.length > (name === undefined ? 1 : 2)) throw usage(`${task} cannot take so many arguments`)
  if (values.resume !== undefined && task !== 'up') throw usage(`--resume cannot be used with ${task}`)
  if (values.check && task !== 'status') throw usage(`--check cannot be used with ${task}`)
  if (values.folder !== undefined && values.module !== undefined) throw usage('--folder cannot be used with --module')
  const url = values.url ?? env['DATABASE_URL'] ?? ''
  if (url === '') throw usage('the database URL must be given, by DATABASE_URL or --url')
  return {
    task,
    name,
    url,
    driver: values.driver,
    folder: values.module === undefined ? (values.folder ?? 'drizzle') : undefined,
    module: values.module,
    table: values.table,
    drizzleTable: values['drizzle-table'],
    resume: values.resume,
    timeoutMs: secondsOf(values.timeout) * 1000,
    check: values.check,
  }
}

function secondsOf(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text)
  throw usage('--timeout must be a whole number of seconds from 1 to 9999999')
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (cause) {
    // Node's message repeats what was written, which may be a URL.
    const name = /--?[a-z-]+/i.exec((cause as Error).message)?.[0] ?? ''
    throw usage(`the option ${name} must be one that migrate knows, with the value that it takes`)
  }
}

function usage(message: string): UsageError {
  return new UsageError(message, { hint: 'lexigram-edge help' })
}
