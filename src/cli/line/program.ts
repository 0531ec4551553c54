import type { Run } from '../command-context.ts'
import { addCompletion, type Command } from '../bundled/parser.ts'
import { addCheck } from '../check/line.ts'
import { addDoctor } from '../doctor/line.ts'
import { addDynamoDb } from '../dynamodb/line.ts'
import { addFirestore } from '../firestore/line.ts'
import { addGraph } from '../graph/line.ts'
import { addInspect } from '../inspect/line.ts'
import { addMigrate } from '../migrate/line.ts'
import { addNeonLocal } from '../neon-local/line.ts'
import { packageManifest } from '../package-manifest.ts'
import { Line } from './line.ts'
import { withJson } from './with-json.ts'

const codes = `
Exit codes:
  0  success
  1  failure, or a check found a mistake
  2  a wrong argument, module, file or URL
  3  migrate status --check: migrations are pending`

/** The whole command line: its commands, their options and help. What a command does is loaded when it is used. */
export function createProgram(run: Run): Command {
  const { version } = packageManifest()
  const program = new Line('lexigram-edge')
    .description('Checks a project, migrates its database, and runs local servers for development.')
    .version(version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help')
    .addHelpText('after', codes)
    .exitOverride()
  addDoctor(program, run)
  addCheck(program, run)
  addGraph(program, run)
  addInspect(program, run)
  addMigrate(program, run)
  addNeonLocal(program, run)
  addDynamoDb(program, run)
  addFirestore(program, run)
  withJson(program.command('version').description('print the version')).action(() =>
    run(async ({ report }) => {
      report.set('version', version)
      report.line(version)
      return 0
    }),
  )
  addCompletion(program)
  return program
}
