import type { Command } from '../bundled/parser.ts'
import type { Run } from '../command-context.ts'
import { withJson } from '../line/with-json.ts'
import type { IndexesOptions } from './command.ts'

/** `lexigram-edge firestore` */
export function addFirestore(program: Command, run: Run): void {
  const firestore = program.command('firestore').description("Google's Firestore")
  withJson(firestore.command('indexes'))
    .description('add the indexes that these modules declare to firestore.indexes.json')
    .argument('<module...>', 'files that export what defineCollection returns, or migrations with CreateIndex')
    .option('--file <path>', 'the file', 'firestore.indexes.json')
    .option('--check', 'write nothing; exit code 1 when something is missing')
    .action((modules: readonly string[], options: IndexesOptions) =>
      run(async (context) => (await import('./command.ts')).runIndexes(modules, options, context)),
    )
}
