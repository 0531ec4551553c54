import { Option, type Command } from '../bundled/parser.ts'
import type { Run } from '../command-context.ts'
import { withJson } from '../line/with-json.ts'
import type { MigrateOptions, MigrateTask } from './options.ts'

/** `lexigram-edge migrate` */
export function addMigrate(program: Command, run: Run): void {
  const migrate = program.command('migrate').description('migrate a PostgreSQL database')
  const add = (task: MigrateTask, description: string): Command => withDatabase(migrate.command(task), description)
  const act = (task: MigrateTask, options: MigrateOptions, name?: string) =>
    // Loaded when it is used: it needs drizzle-orm, which the other commands do without.
    run(async (context) => (await import('./command.ts')).runMigrate({ task, name, options }, context))
  add('status', 'print the state of each migration')
    .option('--check', 'exit with 3 if migrations are pending')
    .action((options: MigrateOptions) => act('status', options))
  add('up', 'apply pending migrations')
    .option('--resume <name>', 'continue a migration that stopped half-way outside a transaction')
    .action((options: MigrateOptions) => act('up', options))
  add('down', 'undo the last migration').action((options: MigrateOptions) => act('down', options))
  add('baseline', 'mark migrations as applied up to one, without running them')
    .argument('<migration>', 'name of the last migration to mark')
    .action((name: string, options: MigrateOptions) => act('baseline', options, name))
  add('dry-run', 'run pending migrations, and roll them back').action((options: MigrateOptions) =>
    act('dry-run', options),
  )
}

function withDatabase(command: Command, description: string): Command {
  return withJson(command)
    .description(description)
    .option('--url <url>', 'database URL; prefer DATABASE_URL, which other users cannot see')
    .addOption(new Option('--database <name>', 'name of one of LEX_DATABASE__BACKENDS').conflicts('url'))
    .addOption(
      new Option('--driver <name>', 'driver (default: chosen by the URL)').choices(['postgres', 'neon', 'pglite']),
    )
    .addOption(new Option('--folder <path>', 'folder of drizzle-kit (default: "drizzle")').conflicts('module'))
    .option('--module <path>', 'module that exports migrations, instead of a folder')
    .option('--table <name>', 'table that records applied migrations (default: "lexigram_migrations")')
    .option(
      '--drizzle-table <name>',
      'table in which drizzle-orm recorded them (default: "drizzle.__drizzle_migrations")',
    )
    .option('--timeout <seconds>', 'longest time for one statement', '3600')
}
