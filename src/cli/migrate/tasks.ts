import type { MigrationProgress } from '../../sql/migration/apply.ts'
import type { Migrator } from '../../sql/migration/migrator.ts'
import type { MigrateLine, MigrateTask } from './options.ts'
import type { Report } from '../report.ts'

export interface TaskContext {
  readonly migrator: Migrator
  readonly line: MigrateLine
  readonly report: Report
}

/** Each returns the exit code. */
export const tasks: Readonly<Record<MigrateTask, (context: TaskContext) => Promise<number>>> = {
  status: showStatus,
  up: applyPending,
  down: undoLast,
  baseline: markApplied,
  'dry-run': tryPending,
}

async function showStatus({ migrator, line, report }: TaskContext): Promise<number> {
  const migrations = await migrator.status()
  report.set('migrations', migrations)
  for (const { name, state, appliedAt } of migrations) {
    report.line([state.padEnd(10), name, ...(appliedAt === undefined ? [] : [appliedAt])].join('  '))
  }
  const open = migrations.filter(({ state }) => state === 'pending' || state === 'unfinished').length
  report.line(open === 0 ? 'the database is up to date' : `to apply: ${open}`)
  return line.check && open > 0 ? 3 : 0
}

async function applyPending({ migrator, line, report }: TaskContext): Promise<number> {
  const names: Record<MigrationProgress['state'], string[]> = { begun: [], applied: [], adopted: [] }
  const startedAt = new Map<string, number>()
  // Set at once: a migration that fails leaves those before it applied.
  report.set('applied', names.applied)
  report.set('adopted', names.adopted)
  await migrator.apply({
    resume: line.resume,
    onProgress({ name, state }) {
      names[state].push(name)
      if (state === 'begun') startedAt.set(name, Date.now())
      const ms = state === 'applied' ? ` in ${Date.now() - (startedAt.get(name) ?? 0)} ms` : ''
      report.line(`${words[state]} ${name}${ms}`)
    },
  })
  const { length } = names.applied
  report.line(length === 0 ? 'the database is up to date' : `applied: ${length}`)
  return 0
}

const words = {
  begun: 'applying',
  applied: 'applied',
  adopted: 'adopted from drizzle-orm:',
} as const satisfies Record<MigrationProgress['state'], string>

async function undoLast({ migrator, report }: TaskContext): Promise<number> {
  const name = await migrator.down()
  report.set('undone', name ?? null)
  report.line(name === undefined ? 'there is nothing to undo' : `undone ${name}`)
  return 0
}

async function markApplied({ migrator, line, report }: TaskContext): Promise<number> {
  const marked = await migrator.baseline(line.name ?? '')
  report.set('marked', marked)
  for (const name of marked) report.line(`marked ${name}`)
  report.line(`marked: ${marked.length}`)
  return 0
}

async function tryPending({ migrator, report }: TaskContext): Promise<number> {
  const tried = await migrator.dryRun()
  const untried = (await migrator.pending()).filter((name) => !tried.includes(name))
  report.set('tried', tried)
  report.set('untried', untried)
  for (const name of tried) report.line(`tried ${name}, and undone`)
  const [first] = untried
  if (first !== undefined) report.line(`not tried: ${untried.join(', ')}; ${first} runs outside a transaction`)
  report.line(`tried: ${tried.length}`)
  return 0
}
