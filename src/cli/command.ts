import { readFileSync } from 'node:fs'
import type { CommandContext } from './command-context.ts'
import { runDynamoDb } from './dynamodb/command.ts'
import { runFirestore } from './firestore/command.ts'
import { runNeonLocal } from './neon-local/command.ts'

const usage = `lexigram-edge <command>

  neon-local   serve Neon's HTTP and WebSocket protocols on this machine
               --port <n>          default 4444
               --protocol-port <n> PostgreSQL's own protocol, for psql; any free port without it
               --host <address>    default 127.0.0.1
               --data-dir <folder> keep the embedded database there; in memory without it
               --fresh             empty that folder first
               --postgres <url>    serve a PostgreSQL server instead of the embedded database
  dynamodb tables <modules>
               print the tables of the collections that these modules export, and the IAM statement for them
               --format <name>     cloudformation, sam, cdk or terraform; default cloudformation
               --table <name>      one table for all collections; a table for each without it
               --key-prefix <text> begins the name of every table
               --stream            put changes on a stream, for lambda.on.dynamodb
  firestore indexes <module…>
               add to firestore.indexes.json what these modules declare: collections, migrations
               --file <path>       default firestore.indexes.json
               --check             write nothing; exit code 1 when something is missing
  migrate <task>
               migrate a PostgreSQL database; exit code 1 when that fails, 2 when the line cannot be used
               status              print the state of each migration; with --check, exit code 3 when one is to be applied
               up                  apply what is pending
               down                undo the last one
               baseline <name>     mark all up to this one as applied, without running them
               dry-run             try what is pending, and undo it
               --url <url>         the database; better by DATABASE_URL, which other users cannot see
               --driver <name>     postgres, neon or pglite; by the URL without it
               --folder <path>     a folder of drizzle-kit; default drizzle
               --module <path>     a module that exports migrations, instead of a folder
               --table <name>      where applied migrations are recorded; default lexigram_migrations
               --drizzle-table <name>
                                   where drizzle-orm recorded them; default drizzle.__drizzle_migrations
               --resume <name>     for up: go on with a migration that stopped half-way outside a transaction
               --timeout <seconds> longest time for one statement; default 3600
               --json              print one JSON document instead of lines
  inspect      serve the page that shows what an application does, on this machine
               --port <n>          any free port without it
               -- <command>        start this with the address in its environment, and end with it
  version      print the version
  help         print this text`

/** Runs one command of the command line and returns its exit code: 2 for a line that cannot be understood. */
export async function runCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const [command, ...rest] = args
  switch (command) {
    case 'neon-local':
      if (rest.includes('--help') || rest.includes('-h')) break
      return runNeonLocal(rest, context)
    case 'dynamodb':
      if (rest.includes('--help') || rest.includes('-h')) break
      return runDynamoDb(rest, context)
    case 'firestore':
      if (rest.includes('--help') || rest.includes('-h')) break
      return runFirestore(rest, context)
    case 'migrate':
      if (rest.includes('--help') || rest.includes('-h')) break
      // Loaded when it is used: it needs drizzle-orm, which the other commands do without.
      return (await import('./migrate/command.ts')).runMigrate(rest, context)
    case 'inspect':
      // What stands after -- is another program's.
      if (rest[0] === '--help' || rest[0] === '-h') break
      return (await import('./inspect/command.ts')).runInspect(rest, context)
    case 'version':
    case '--version':
    case '-v':
      context.print(packageVersion())
      return 0
    case 'help':
    case '--help':
    case '-h':
      break
    case undefined:
    default:
      context.complain(command === undefined ? usage : `unknown command ${command}\n\n${usage}`)
      return 2
  }
  context.print(usage)
  return 0
}

/** Read at run time: the file lies above `src/cli` in the repository and above `dist/src/cli` in the package. */
function packageVersion(): string {
  for (const path of ['../../package.json', '../../../package.json']) {
    try {
      const content = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as Record<string, unknown>
      if (content['name'] === 'lexigram-edge') return String(content['version'])
    } catch {
      // Not at this place.
    }
  }
  return 'unknown'
}
