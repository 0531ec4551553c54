import { relative } from 'node:path'
import { entries } from '../docs/entries.ts'
import { root } from '../commands/steps.ts'

/** What this plugin touches of TypeDoc, which is not among the root's packages. */
interface TypeDoc {
  readonly converter: { on(event: 'resolveBegin', listener: (context: Context) => void): void }
}

interface Context {
  readonly project: {
    readonly children?: readonly Reflection[]
    getSymbolIdFromReflection(reflection: Reflection): { readonly fileName: string } | undefined
  }
}

interface Reflection {
  name: string
}

/** A plugin of TypeDoc: pages are named by what a reader imports, `lexigram-edge/sql/neon`, not by source files. */
export function load({ converter }: TypeDoc): void {
  const specifiers = new Map(entries().map(({ source, specifier }) => [source, specifier]))
  converter.on('resolveBegin', ({ project }) => {
    for (const entry of project.children ?? []) {
      const file = project.getSymbolIdFromReflection(entry)?.fileName ?? ''
      const specifier = specifiers.get(relative(root, file).replaceAll('\\', '/'))
      if (specifier === undefined) throw new Error(`${file} must be an entry point`)
      entry.name = specifier
    }
  })
}
