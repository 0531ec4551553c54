import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { UsageError } from '../../core/errors.ts'
import type { IndexedCollection } from '../../nosql/drivers/firestore/deployment/index-file.ts'
import type { Application } from '../../runtime/application.ts'
import { isApplication } from '../application/load-application.ts'
import { declaredIn } from '../firestore/declared.ts'
import { loadModule } from '../load-module.ts'

/** Where an entry of this package is imported. */
export interface Use {
  readonly specifier: string
  /** With its line. */
  readonly file: string
}

/** What the checks look at. */
export interface Project {
  readonly folder: string
  /** The content of package.json; empty where there is none. */
  readonly manifest: ProjectManifest
  readonly uses: readonly Use[]
  readonly applications: readonly Application[]
  readonly collections: readonly IndexedCollection[]
  /** What the modules export. */
  readonly exported: readonly unknown[]
  readonly modules: readonly string[]
}

export interface ProjectManifest {
  readonly engines?: { readonly node?: string }
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** @throws UsageError for a module that cannot be loaded, and a package.json that cannot be read */
export async function readProject(folder: string, modules: readonly string[]): Promise<Project> {
  const exported: unknown[] = []
  for (const path of modules) exported.push(...Object.values(await loadModule(path)))
  return {
    folder,
    manifest: manifestIn(folder),
    uses: sourcesIn(folder).flatMap((path) => usesIn(folder, path)),
    applications: [...new Set(exported.filter(isApplication))],
    collections: exported.flatMap(declaredIn),
    exported,
    modules,
  }
}

function manifestIn(folder: string): ProjectManifest {
  const path = join(folder, 'package.json')
  const text = readText(path)
  if (text === undefined) return {}
  try {
    // `null` and numbers have no members. npm itself checks the ones of an object.
    return Object(JSON.parse(text)) as ProjectManifest
  } catch (cause) {
    throw new UsageError(`${path} must be JSON`, { cause })
  }
}

/** The text of a file, undefined where there is none that can be read. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

const skipped = /^(?:node_modules|dist|build|out|coverage|\..*)$/

function sourcesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return skipped.test(entry.name) ? [] : sourcesIn(path)
    return /\.[cm]?[jt]sx?$/.test(entry.name) && !/\.d\.[cm]?ts$/.test(entry.name) ? [path] : []
  })
}

const imports = /(?<!type[^;'"]*)(?:\bfrom|\bimport)\s*\(?\s*['"](lexigram-edge[^'"]*)['"]/g

function usesIn(folder: string, path: string): readonly Use[] {
  const text = readText(path) ?? ''
  const name = relative(folder, path).split(sep).join('/')
  return [...text.matchAll(imports)].map(({ 1: specifier = '', index }) => ({
    specifier,
    file: `${name}:${text.slice(0, index).split('\n').length}`,
  }))
}
