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
    .option('--check', 'exit code 3 when one is to be applied')
    .action((options: MigrateOptions) => act('status', options))
  add('up', 'apply what is pending')
    .option('--resume <name>', 'go on with a migration that stopped half-way outside a transaction')
    .action((options: MigrateOptions) => act('up', options))
  add('down', 'undo the last one').action((options: MigrateOptions) => act('down', options))
  add('baseline', 'mark all up to one as applied, without running them')
    .argument('<migration>', 'name of the last one to mark')
    .action((name: string, options: MigrateOptions) => act('baseline', options, name))
  add('dry-run', 'try what is pending, and undo it').action((options: MigrateOptions) => act('dry-run', options))
}

function withDatabase(command: Command, description: string): Command {
  return withJson(command)
    .description(description)
    .option('--url <url>', 'the database; better by DATABASE_URL, which other users cannot see')
    .addOption(new Option('--database <name>', 'one of LEX_DATABASE__BACKENDS, by its name').conflicts('url'))
    .addOption(new Option('--driver <name>', 'by the URL without it').choices(['postgres', 'neon', 'pglite']))
    .addOption(new Option('--folder <path>', 'a folder of drizzle-kit (default: "drizzle")').conflicts('module'))
    .option('--module <path>', 'a module that exports migrations, instead of a folder')
    .option('--table <name>', 'where applied migrations are recorded (default: "lexigram_migrations")')
    .option('--drizzle-table <name>', 'where drizzle-orm recorded them (default: "drizzle.__drizzle_migrations")')
    .option('--timeout <seconds>', 'longest time for one statement', '3600')
}
