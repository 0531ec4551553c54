import { Option, type Command } from '../bundled/parser.ts'
import type { Run } from '../command-context.ts'
import { withJson } from '../line/with-json.ts'
import type { GraphOptions } from './command.ts'

/** `lexigram-edge graph` */
export function addGraph(program: Command, run: Run): void {
  withJson(program.command('graph'))
    .description("print an application's dependency graph, with lifetimes and providers")
    .argument('<module>', 'file that exports the application')
    .option('--export <name>', 'export to use, if the module has several applications')
    .addOption(new Option('--format <name>', 'output format').choices(['text', 'mermaid', 'svg']).default('text'))
    .addOption(
      new Option('--runtime <name>', 'runtime to draw it for')
        .choices(['workers', 'lambda', 'vercel', 'vercel-edge', 'node'])
        .default('node'),
    )
    .option('--choice <name=value>', 'choice of a provider, such as sql=neon (default: the first)', repeated, [])
    .option('--env', 'use the configuration of the environment instead of choices')
    .action((module: string, options: GraphOptions) =>
      run(async (context) => (await import('./command.ts')).runGraph(module, options, context)),
    )
}

function repeated(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}
