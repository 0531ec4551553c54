import { globSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { parseSync } from 'vite'
import { root } from '../../tools/commands/steps.ts'

/** A source file of this project, its path from the root with `/`. */
export interface Module {
  readonly path: string
  readonly text: string
  /** Specifiers as written, static, dynamic and in types. */
  readonly imports: readonly string[]
  readonly exports: readonly ModuleExport[]
}

export interface ModuleExport {
  /** `undefined` for `export * from`. */
  readonly name: string | undefined
  readonly from: string | undefined
  readonly isType: boolean
}

/** Every TypeScript file of these folders, tests left out. */
export function modulesIn(...folders: readonly string[]): Module[] {
  return pathsIn(...folders)
    .filter((path) => !/\.test(-d)?\.ts$/.test(path))
    .map(readModule)
}

/** The paths of all TypeScript files of these folders. The benchmarks may have installed their peers. */
export function pathsIn(...folders: readonly string[]): string[] {
  return folders
    .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root }))
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !path.includes('/node_modules/'))
    .toSorted()
}

export function readModule(path: string): Module {
  return parseModule(path, readFileSync(join(root, path), 'utf8'))
}

export function parseModule(path: string, text: string): Module {
  const { module, errors, comments } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0]?.message}`)
  const code = comments.reduceRight((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text)
  // Static imports are in the module record; `import('x')` stands both in expressions and in types.
  const calls = [...code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)].map(([, specifier]) => specifier ?? '')
  const entries = module.staticExports.flatMap((statement) => statement.entries)
  return {
    path,
    text,
    imports: [
      ...module.staticImports.map((statement) => statement.moduleRequest.value),
      ...entries.flatMap((entry) => (entry.moduleRequest === null ? [] : [entry.moduleRequest.value])),
      ...calls,
    ],
    exports: entries.map((entry) => ({
      name: entry.exportName.name ?? undefined,
      from: entry.moduleRequest?.value,
      isType: entry.isType,
    })),
  }
}

/** Where a relative specifier leads, from the root. */
export function resolveFrom(path: string, specifier: string): string {
  return posix.normalize(posix.join(dirname(path), specifier))
}

/** The names that a module publishes, and the files that declare them. */
export function originsOf(path: string): readonly (readonly [name: string, origin: string])[] {
  return readModule(path).exports.flatMap(({ name, from }) => {
    if (from === undefined) return name === undefined ? [] : [[name, path] as const]
    const source = resolveFrom(path, from)
    const inner = originsOf(source)
    if (name === undefined) return inner
    return [[name, inner.find(([other]) => other === name)?.[1] ?? source] as const]
  })
}
