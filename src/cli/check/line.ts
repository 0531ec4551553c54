import type { Command } from '../bundled/parser.ts'
import type { Run } from '../command-context.ts'
import { withJson } from '../line/with-json.ts'
import type { CheckOptions } from './command.ts'

/** `lexigram-edge check` */
export function addCheck(program: Command, run: Run): void {
  withJson(program.command('check'))
    .description("check an application's dependency graph for each runtime; exit code 1 if it has mistakes")
    .argument('<module>', 'file that exports the application')
    .option('--export <name>', 'export to use, if the module has several applications')
    .option('--runtime <names>', 'workers, lambda, vercel, vercel-edge, node, separated by commas', 'all')
    .option('--env', 'check only the configuration of the environment, not every choice of drivers')
    .action((module: string, options: CheckOptions) =>
      run(async (context) => (await import('./command.ts')).runCheck(module, options, context)),
    )
}
