import type { Command } from '../bundled/parser.ts'

/** The option that every command has. */
export function withJson(command: Command): Command {
  return command.option('--json', 'print one JSON document instead of lines')
}
