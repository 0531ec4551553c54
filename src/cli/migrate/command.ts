import { isLexigramError, UsageError } from '../../core/errors.ts'
import { createMigrator } from '../../sql/migration/migrator.ts'
import type { CommandContext } from '../command-context.ts'
import { connect } from './connect.ts'
import { parseLine } from './options.ts'
import { jsonReport, textReport, type Report } from './report.ts'
import { migrationsOf } from './source.ts'
import { tasks } from './tasks.ts'

/**
 * `lexigram-edge migrate <task>`. Returns 0 when it is done; 1 when a migration or the database failed; 2 when the line,
 * the migrations or the URL cannot be used; 3 when `status --check` finds something to apply.
 */
export async function runMigrate(
  args: readonly string[],
  context: CommandContext,
  env: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  const report = args.includes('--json') ? jsonReport(context) : textReport(context)
  const code = await run(args, { context, report, env }).catch((error: unknown) => {
    if (!isLexigramError(error)) throw error
    report.fail(error)
    return error instanceof UsageError ? 2 : 1
  })
  report.end()
  return code
}

async function run(
  args: readonly string[],
  {
    context,
    report,
    env,
  }: { readonly context: CommandContext; readonly report: Report; readonly env: NodeJS.ProcessEnv },
): Promise<number> {
  const line = parseLine(args, env)
  const migrations = await migrationsOf(line)
  await using database = await connect(line)
  const { signal } = context
  const migrator = createMigrator({
    database: {
      session: () => database.session({ signal }),
      interactiveTransactions: database.interactiveTransactions,
    },
    migrations,
    ...(line.table !== undefined && { table: line.table }),
    ...(line.drizzleTable !== undefined && { drizzleTable: line.drizzleTable }),
  })
  // Awaited here: the database closes when this function returns.
  return await tasks[line.task]({ migrator, line, report })
}
