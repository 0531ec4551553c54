import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { output } from '../../tools/runtimes/run-program.ts'
import { root } from '../../tools/commands/steps.ts'
import { codeBlocksOf } from '../docs/code-blocks.ts'
import { linesOf } from '../docs/shell-lines.ts'
import type { InstalledPackage } from './installed-package.ts'
import { createProject, type Project } from './project.ts'

/** A file as a page shows it. */
export interface PageFile {
  readonly path: string
  readonly code: string
  /** Whether it is what a reader has, rather than what the page makes of it. */
  readonly before: boolean
}

/** What a page says to do in a project. */
export interface Adoption {
  /** The packages that it has installed. */
  readonly packages: readonly string[]
  readonly files: readonly PageFile[]
}

/** Reads a page's blocks: `npm install` lines, and files, which say `file=path` after their language. */
export function adoptionOf(page: string): Adoption {
  const blocks = codeBlocksOf(page)
  const commands = blocks.filter(({ language }) => language === 'sh').flatMap(({ code }) => linesOf(code))
  const installs = commands.filter((line) => line.startsWith('npm install '))
  const files = blocks.flatMap(({ words, code }) => {
    const path = words.find((word) => word.startsWith('file='))?.slice('file='.length)
    return path === undefined ? [] : [{ path, code, before: words.includes('before') }]
  })
  return {
    packages: installs.flatMap((line) => line.split(/\s+/).slice(2)).filter((word) => !word.startsWith('-')),
    files,
  }
}

export interface ProjectOptions {
  /** What the project has before the page is read; linked from this checkout, so that nothing is fetched. */
  readonly has: readonly string[]
  readonly compilerOptions: object
  /** Of its package.json. @default undefined, which is CommonJS */
  readonly type?: 'module'
}

/**
 * Makes a project as users have it, and puts what the page has installed into it: the package as npm has installed it.
 */
export function createAdoptingProject(
  installed: InstalledPackage,
  { packages }: Adoption,
  { has, compilerOptions, type }: ProjectOptions,
): Project {
  if (!packages.includes('lexigram-edge')) throw new Error('the page does not say that the package is installed')
  const project = createProject({ ...(type && { type }) })
  project.write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['src', 'api'] }))
  const path = join('node_modules', 'lexigram-edge')
  cpSync(join(installed.folder, path), join(project.folder, path), { recursive: true })
  project.link(...has, ...packages.filter((name) => name !== 'lexigram-edge'))
  return project
}

/** Puts a file into a project, and compiles it as a user does; returns the path of the file's JavaScript. */
export async function compileFile(project: Project, { path, code }: PageFile): Promise<string> {
  const { folder } = project
  project.write(path, code)
  await output(join(root, 'node_modules', '.bin', 'tsc'), ['-p', '.', '--rootDir', '.', '--outDir', 'out'], folder)
  return join(folder, 'out', path.replace(/\.ts$/, '.js'))
}
