import type { Command } from '../bundled/parser.ts'
import type { Run } from '../command-context.ts'
import { withJson } from '../line/with-json.ts'
import type { InspectOptions } from './command.ts'

/** `lexigram-edge inspect` */
export function addInspect(program: Command, run: Run): void {
  withJson(
    program
      .command('inspect')
      .description(
        'serve a page on this machine that shows an application at work; after --, the command that starts it',
      )
      .argument('[command...]', 'a program and its arguments, which get the address in their environment')
      .option('--port <n>', 'port on 127.0.0.1; 0 takes any free one', '0'),
  ).action((command: readonly string[], options: InspectOptions) =>
    run(async (context) => (await import('./command.ts')).runInspect(command, options, context)),
  )
}
