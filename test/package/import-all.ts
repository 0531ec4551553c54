import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { entries } from '../../tools/docs/entries.ts'
import { output } from '../../tools/runtimes/run-program.ts'

/** Need a module that only workerd has. */
export const workerdOnly: readonly string[] = ['lexigram-edge/workers/entrypoints', 'lexigram-edge/workers/tracing']

export interface ImportedEntry {
  readonly specifier: string
  /** What it exports; absent where its import has failed. */
  readonly names?: readonly string[]
}

/**
 * Imports each entry that Node can import in a process of the project in a folder.
 *
 * @param forbidden Packages whose absence may make an import fail.
 * @param node The Node that runs it. @default the one of this checkout
 */
export async function importAll(
  folder: string,
  forbidden: readonly string[] = [],
  node: string = process.execPath,
): Promise<readonly ImportedEntry[]> {
  const specifiers = entries().flatMap(({ specifier }) => (workerdOnly.includes(specifier) ? [] : [specifier]))
  const script = [
    'const found = []',
    `for (const specifier of ${JSON.stringify(specifiers)}) {`,
    '  const names = await import(specifier).then((entry) => Object.keys(entry).toSorted(), (error) => {',
    `    if (!${JSON.stringify(forbidden)}.some((name) => error.message.includes("'" + name + "'"))) throw error`,
    '  })',
    '  found.push({ specifier, names })',
    '}',
    'console.log(JSON.stringify(found))',
  ].join('\n')
  writeFileSync(join(folder, 'import-all.mjs'), script)
  // The script above prints this.
  return JSON.parse(await output(node, ['import-all.mjs'], folder)) as ImportedEntry[]
}
