import { Option, type Command } from '../bundled/parser.ts'
import type { Run } from '../command-context.ts'
import { withJson } from '../line/with-json.ts'
import type { TablesOptions } from './command.ts'
import { formatNames } from './format-names.ts'

/** `lexigram-edge dynamodb` */
export function addDynamoDb(program: Command, run: Run): void {
  const dynamodb = program.command('dynamodb').description('Amazon DynamoDB')
  withJson(dynamodb.command('tables'))
    .description('print the tables of the collections that these modules export, and the IAM statement for them')
    .argument('<module...>', 'files that export what defineCollection returns')
    .addOption(new Option('--format <name>', 'what they are printed as').choices(formatNames).default(formatNames[0]))
    .option('--table <name>', 'one table for all collections; a table for each without it')
    .option('--key-prefix <text>', 'begins the name of every table')
    .option('--stream', 'put changes on a stream, for lambda.on.dynamodb')
    .option('--watch', 'put changes on a stream, and allow to read it, for watch')
    .action((modules: readonly string[], options: TablesOptions) =>
      run(async (context) => (await import('./command.ts')).runTables(modules, options, context)),
    )
}
