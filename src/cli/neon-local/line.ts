import { Option, type Command } from '../bundled/parser.ts'
import type { Run } from '../command-context.ts'
import { withJson } from '../line/with-json.ts'
import type { NeonLocalOptions } from './command.ts'

/** `lexigram-edge neon-local` */
export function addNeonLocal(program: Command, run: Run): void {
  withJson(program.command('neon-local'))
    .description("serve Neon's HTTP and WebSocket protocols on this machine")
    .option('--port <n>', 'port of HTTP and WebSockets', '4444')
    .option('--protocol-port <n>', "port of PostgreSQL's own protocol, for psql; any free one for 0", '0')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--data-dir <folder>', 'keep the embedded database there; in memory without it')
    .option('--fresh', 'empty that folder first')
    .addOption(
      new Option('--postgres <url>', 'serve a PostgreSQL server instead of the embedded database').conflicts('dataDir'),
    )
    .action((options: NeonLocalOptions) =>
      run(async (context) => (await import('./command.ts')).runNeonLocal(options, context)),
    )
}
