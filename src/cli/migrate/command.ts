import { createMigrator } from '../../sql/migration/migrator.ts'
import type { CommandRun } from '../command-context.ts'
import { connect } from './connect.ts'
import { toMigrateLine, type MigrateRequest } from './options.ts'
import { migrationsOf } from './source.ts'
import { tasks } from './tasks.ts'

/** `lexigram-edge migrate <task>`. Returns 0 when it is done, 3 when `status --check` finds something to apply. */
export async function runMigrate(request: MigrateRequest, { signal, env, report }: CommandRun): Promise<number> {
  const line = await toMigrateLine(request, env)
  const migrations = await migrationsOf(line)
  await using database = await connect(line)
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
