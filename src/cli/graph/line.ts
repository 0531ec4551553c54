import { Option, type Command } from '../bundled/parser.ts'
import type { Run } from '../command-context.ts'
import { withJson } from '../line/with-json.ts'
import type { GraphOptions } from './command.ts'

/** `lexigram-edge graph` */
export function addGraph(program: Command, run: Run): void {
  withJson(program.command('graph'))
    .description("print an application's graph: what is made, how long it lives, and what it needs")
    .argument('<module>', 'file that exports the application')
    .option('--export <name>', 'name of the export, where there are several applications')
    .addOption(
      new Option('--format <name>', 'what it is printed as').choices(['text', 'mermaid', 'svg']).default('text'),
    )
    .addOption(
      new Option('--runtime <name>', 'whose facts hold')
        .choices(['workers', 'lambda', 'vercel', 'vercel-edge', 'node'])
        .default('node'),
    )
    .option('--choice <name=value>', 'what a provider chooses, such as sql=neon; the first without it', repeated, [])
    .option('--env', 'the configuration of the environment, in place of choices')
    .action((module: string, options: GraphOptions) =>
      run(async (context) => (await import('./command.ts')).runGraph(module, options, context)),
    )
}

function repeated(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}
