import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { entries, exportsOf, pathsOf } from '../../tools/docs/entries.ts'
import { root } from '../../tools/commands/steps.ts'
import { modulesIn, originsOf, readModule, resolveFrom, type ModuleExport } from './modules.ts'

const all = entries()
const read = (path: string) => readFileSync(join(root, path), 'utf8')

describe('every index.ts', () => {
  it('is an entry point of package.json, with types and code where the build puts them', () => {
    expect(packageJson.exports, 'run npm run entries').toEqual(exportsOf(all))
  })

  it('is a path of tsconfig.json, so that tests and examples import what users do', () => {
    // tsconfig.json is plain JSON.
    const config = JSON.parse(read('tsconfig.json')) as { compilerOptions: { paths: unknown } }
    expect(config.compilerOptions.paths, 'run npm run entries').toEqual(pathsOf(all))
  })

  it('is exactly what is documented', () => {
    const documents = ['README.md', ...globSync('docs/**/*.md', { cwd: root })].map(read).join('\n')
    const mentioned = [...documents.matchAll(/['"`](lexigram-edge(?:\/[a-z/-]+)?)['"`]/g)].map(([, name]) => name)
    expect(new Set(mentioned)).toEqual(new Set(all.map(({ specifier }) => specifier)))
  })

  it('says what it is for', () => {
    const silent = all.filter(({ source }) => !/^\/\*\*[\s\S]*?@module/.test(read(source)))
    expect(silent.map(({ source }) => source)).toEqual([])
  })
})

describe('examples in comments', () => {
  it('import names that are published, from where they are', () => {
    const known = new Map(all.map(({ specifier, source }) => [specifier, namesOf(source).map(withoutMark)]))
    const wrong = modulesIn('src', 'adapters').flatMap(({ path, text }) => {
      const imports = [...text.matchAll(/^ *\* *import (?:type )?\{([^}]*)\} from '(lexigram-edge[^']*)'/gm)]
      return imports.flatMap(([, names = '', specifier = '']) =>
        names
          .split(',')
          .map((name) => name.trim().replace(/^type | as .*/g, ''))
          .filter((name) => known.get(specifier)?.includes(name) !== true)
          .map((name) => `${path}: ${name} from ${specifier}`),
      )
    })
    expect(wrong).toEqual([])
  })
})

describe('the public surface', () => {
  it('changes on purpose only', async () => {
    const lines = all.map(({ specifier, source }) => `${specifier}\n${namesOf(source).join('\n')}\n`)
    await expect(lines.join('\n')).toMatchFileSnapshot('public-api.txt')
  })

  it('has one meaning for a name, whatever entry publishes it', () => {
    const origins = new Map<string, Set<string>>()
    for (const { source } of all) {
      for (const [name, origin] of originsOf(source)) origins.set(name, (origins.get(name) ?? new Set()).add(origin))
    }
    const ambiguous = [...origins].filter(([, places]) => places.size > 1)
    expect(ambiguous.map(([name, places]) => `${name}: ${[...places].join(', ')}`)).toEqual([])
  })
})

function withoutMark(line: string): string {
  return line.trim().replace(' (type)', '')
}

/** The names that a module exports, also those of `export *`; types are marked. */
function namesOf(path: string): string[] {
  const names = readModule(path).exports.flatMap((entry) => expand(path, entry))
  return [...new Set(names)].toSorted()
}

function expand(path: string, { name, from, isType }: ModuleExport): string[] {
  if (name !== undefined) return [`  ${name}${isType ? ' (type)' : ''}`]
  return from === undefined ? [] : namesOf(resolveFrom(path, from))
}
