import type { Command } from '../bundled/parser.ts'
import type { Run } from '../command-context.ts'
import { withJson } from '../line/with-json.ts'
import type { DoctorOptions } from './command.ts'

/** `lexigram-edge doctor` */
export function addDoctor(program: Command, run: Run): void {
  withJson(program.command('doctor'))
    .description('find mistakes in a project and its configuration; exit code 1 if there are any')
    .argument('[module...]', 'files that export applications and collections, whose configuration is then checked too')
    .option('--project <folder>', 'folder of package.json and of the files of platforms', '.')
    .option('--url <url>', 'database that is asked for its role and indexes; better by DATABASE_URL or MONGODB_URI')
    .action((modules: readonly string[], options: DoctorOptions) =>
      run(async (context) => (await import('./command.ts')).runDoctor(modules, options, context)),
    )
}
