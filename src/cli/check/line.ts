import type { Command } from '../bundled/parser.ts'
import type { Run } from '../command-context.ts'
import { withJson } from '../line/with-json.ts'
import type { CheckOptions } from './command.ts'

/** `lexigram-edge check` */
export function addCheck(program: Command, run: Run): void {
  withJson(program.command('check'))
    .description("check an application's graph as each runtime would see it; exit code 1 when it does not fit together")
    .argument('<module>', 'file that exports the application')
    .option('--export <name>', 'name of the export, where there are several applications')
    .option('--runtime <names>', 'workers, lambda, vercel, vercel-edge, node; several with commas', 'all')
    .option('--env', 'check the one configuration of the environment, not every choice of drivers')
    .action((module: string, options: CheckOptions) =>
      run(async (context) => (await import('./command.ts')).runCheck(module, options, context)),
    )
}
