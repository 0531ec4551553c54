import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import { modulesIn, pathsIn, readModule, resolveFrom } from './modules.ts'

const own = modulesIn('src', 'adapters', 'tools', 'examples')
const portable = own.filter(({ path }) => /^(?:src|adapters)\//.test(path) && !path.startsWith('src/cli/'))

/** Small files that stay, by the reasons of decision 0071. */
const oneOfFamily =
  /\/(?:index|main)\.ts$|\.d\.ts$|^adapters\/lambda\/events\/sources\/|\/aggregation\/stages\/|^src\/cli\/(?:.*\/line\.ts$|doctor\/checks\/|graph\/|bundled\/)|^tools\/(?:commands|create\/templates|dynamodb-server|runtimes)\/|^examples\//
const besideLongFile = ['src/sql/repository/repository-arguments.ts', 'src/sql/session/statements/commits-by-itself.ts']

describe('source files', () => {
  it('have one idea each: no file is longer than 300 lines', () => {
    const long = own
      .map(({ path, text }) => [path, text.split('\n').length - 1] as const)
      .filter(([, lines]) => lines > 300)
    expect(long).toEqual([])
  })

  it('are named in kebab-case after what they hold, never after being of use', () => {
    const names = pathsIn('src', 'adapters', 'tools', 'examples', 'test')
    expect(
      names.filter(
        (path) => !/^[a-z0-9]+(?:-[a-z0-9]+)*(?:(?:\.property)?\.test(?:-d)?|\.config|\.d)?\.ts$/.test(basename(path)),
      ),
    ).toEqual([])
    expect(names.filter((path) => /(?:^|\/)(?:utils?|helpers?|misc|common)(?:\/|\.ts$)/.test(path))).toEqual([])
  })

  it('have named exports only', () => {
    const offenders = portable.filter((module) => module.exports.some(({ name }) => name === 'default'))
    expect(offenders.map(({ path }) => path)).toEqual([])
  })

  it('hold nothing but exports in an index.ts', () => {
    const indexes = portable.filter(({ path }) => path.endsWith('/index.ts'))
    const code = indexes.map(({ path, text }) => {
      const rest = text
        .replaceAll(/\/\*[\s\S]*?\*\//g, '')
        .replaceAll(/^export (?:type )?(?:\{[^}]*\}|\*(?: as \w+)?) from '[^']+'$/gm, '')
      return [path, rest.trim()]
    })
    expect(code.filter(([, rest]) => rest !== '')).toEqual([])
  })

  it.each([
    ['code made from text', /\beval\(|\bnew Function\(/],
    ['what every other request sees', /\bglobalThis\.\w+\s*=[^=]/],
  ])('do not use %s where every platform must run them', (_what, pattern) => {
    const withoutComments = portable.map(
      ({ path, text }) => [path, text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')] as const,
    )
    expect(withoutComments.filter(([, text]) => pattern.test(text)).map(([path]) => path)).toEqual([])
  })

  it('join signals with anySignal, for Vercel’s edge runtime has no AbortSignal.any', () => {
    const joining = portable.filter(({ text }) => /\bAbortSignal\.any\b/.test(text)).map(({ path }) => path)
    expect(joining.filter((path) => !path.endsWith('.test.ts'))).toEqual([])
  })

  it('have 25 lines at least, or two importers, a test or a reason', () => {
    const everywhere = pathsIn('src', 'adapters', 'tools', 'examples', 'test', 'bench', 'web').map(readModule)
    const importers = Map.groupBy(
      everywhere.flatMap(({ path, imports }) =>
        imports.filter((name) => name.startsWith('.')).map((name) => ({ path, target: resolveFrom(path, name) })),
      ),
      ({ target }) => target,
    )
    // A program is run, and has no importer.
    const isPart = (path: string): boolean => {
      const by = new Set((importers.get(path) ?? []).map((each) => each.path))
      return by.size === 1 && ![...by].some((importer) => importer.includes('.test'))
    }
    const small = own.filter(({ text }) => text.split('\n').length - 1 < 25).map(({ path }) => path)
    const alone = small.filter((path) => !oneOfFamily.test(path) && !besideLongFile.includes(path) && isPart(path))
    expect(alone).toEqual([])
  })
})
