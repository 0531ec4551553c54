import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../commands/steps.ts'
import { entries, type Entry } from '../docs/entries.ts'
import { output } from '../runtimes/run-program.ts'

/**
 * Writes one page of Markdown for each entry point, from its declarations and their comments.
 *
 * @param tools The `node_modules` with TypeDoc.
 * @param folder Where the pages go: `<folder>/lexigram-edge/sql/neon.md`.
 */
export async function writeReference(tools: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const options = join(folder, '..', 'typedoc.json')
  writeFileSync(options, JSON.stringify(optionsFor(folder)))
  await output(process.execPath, [join(tools, 'typedoc', 'bin', 'typedoc'), '--options', options], root)
}

const rankOf = ({ key, source }: Entry): number => (key === '.' ? 0 : source.startsWith('src/core/') ? 1 : 2)

function optionsFor(out: string): object {
  return {
    // A name that several entries publish is described by the first: the one that it is declared in.
    entryPoints: entries()
      .toSorted((a, b) => rankOf(a) - rankOf(b))
      .map(({ source }) => join(root, source)),
    sortEntryPoints: false,
    tsconfig: join(root, 'tsconfig.json'),
    basePath: root,
    out,
    plugin: ['typedoc-plugin-markdown', join(import.meta.dirname, 'entry-names.ts')],
    name: 'Reference',
    readme: 'none',
    // tsc has checked the same program.
    skipErrorChecking: true,
    disableSources: true,
    excludeExternals: true,
    excludeInternal: true,
    excludePrivate: true,
    logLevel: 'Warn',
    treatWarningsAsErrors: true,
    // Types that an entry uses and does not publish are written out where they are used.
    validation: { notExported: false, invalidLink: true, rewrittenLink: false },
    outputFileStrategy: 'modules',
    entryFileName: 'index',
    // What is called comes before the types that describe it.
    groupOrder: ['Functions', 'Variables', 'Classes', 'Interfaces', 'Type Aliases', '*'],
    // Every member is read-only, and what is inherited is said by the heading.
    tableColumnSettings: { hideModifiers: true, hideInherited: true, hideOverrides: true, hideDefaults: false },
    // Anchors that the links are made with: those of headings differ where two names are spelled alike without their dots.
    useHTMLAnchors: true,
    hidePageHeader: true,
    hideBreadcrumbs: true,
    indexFormat: 'table',
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    classPropertiesFormat: 'table',
    typeAliasPropertiesFormat: 'table',
    propertyMembersFormat: 'table',
    typeDeclarationFormat: 'table',
  }
}
