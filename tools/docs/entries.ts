import { globSync } from 'node:fs'
import { root } from '../commands/steps.ts'

/** One way into the package. */
export interface Entry {
  /** As package.json's `exports` has it: `./sql/neon`. */
  readonly key: string
  /** As it is imported: `lexigram-edge/sql/neon`. */
  readonly specifier: string
  /** From the root: `src/sql/drivers/neon/index.ts`. */
  readonly source: string
}

/** Every `index.ts` of the package is an entry point, and every entry point is an `index.ts`; this is the one list. */
export function entries(): Entry[] {
  return globSync(['src/**/index.ts', 'adapters/**/index.ts'], { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .map((source) => ({ key: keyOf(source), source }))
    .map(({ key, source }) => ({ key, source, specifier: `lexigram-edge${key.slice(1)}` }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
}

/** What `exports` of package.json must be: types and code where the build puts them. */
export function exportsOf(all: readonly Entry[]): Readonly<Record<string, string | Readonly<Record<string, string>>>> {
  const built = all.map(({ key, source }) => {
    const file = `./dist/${source.replace(/\.ts$/, '')}`
    return [key, { types: `${file}.d.ts`, default: `${file}.js` }] as const
  })
  return { ...Object.fromEntries(built), './package.json': './package.json' }
}

/** What `paths` of tsconfig.json must be. */
export function pathsOf(all: readonly Entry[]): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(all.map(({ specifier, source }) => [specifier, [`./${source}`]]))
}

/** Folders that order the source and are left out of what users import. */
const layoutFolders = new Set(['core', 'drivers'])

/** `src/sql/drivers/neon/index.ts` is `./sql/neon`, `src/core/specification/index.ts` is `./specification`. */
function keyOf(source: string): string {
  const folders = source.split('/').slice(1, -1)
  return ['.', ...folders.filter((folder) => !layoutFolders.has(folder))].join('/')
}
