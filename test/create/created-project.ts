import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import packageJson from '../../package.json' with { type: 'json' }
import { root } from '../../tools/commands/steps.ts'
import type { Choices } from '../../tools/create/src/choices.ts'
import { outcomeOf, output, type Outcome } from '../../tools/runtimes/run-program.ts'
import type { InstalledPackage } from '../package/installed-package.ts'
import { linkPackages } from '../package/project.ts'

export const create = join(root, 'tools/create/dist/main.js')

/** A project that `npm create lexigram-edge` has made. */
export interface CreatedProject extends Disposable {
  readonly folder: string
  /** Runs npm in it; rejects with what was printed when it fails. */
  npm(...args: readonly string[]): Promise<string>
}

/** Runs the command as npm does, where no terminal is. */
export const runCreate = (args: readonly string[], cwd: string): Promise<Outcome> =>
  outcomeOf(process.execPath, [create, ...args], cwd)

/**
 * Makes a project, and puts its dependencies into it: the packed package as npm has installed it, the others from this
 * checkout, so that nothing is fetched. npm then says whether they are what the project's package.json asks for.
 */
export async function createdProject(
  { platform, data }: Choices,
  installed: InstalledPackage,
): Promise<CreatedProject> {
  const base = mkdtempSync(join(tmpdir(), 'lexigram-edge-created-'))
  const folder = join(base, 'my-notes')
  const made = await runCreate(['my-notes', '--platform', platform, '--data', data], base)
  if (made.status !== 0) throw new Error(`create-lexigram-edge failed:\n${made.stderr}`)
  const { dependencies, devDependencies } = manifestIn(folder)
  const names = Object.keys({ ...dependencies, ...devDependencies })
  linkPackages(
    folder,
    names.filter((name) => name !== 'lexigram-edge'),
  )
  const path = 'node_modules/lexigram-edge'
  cpSync(join(installed.folder, path), join(folder, path), { recursive: true })
  linkCommand(folder)
  return {
    folder,
    npm: (...args) => output('npm', args, folder),
    [Symbol.dispose]: () => rmSync(base, { recursive: true, force: true }),
  }
}

/** Makes a project whose dependencies npm has installed as for anybody, the package from its tarball. */
export async function installedProject({ platform, data }: Choices, tarball: string): Promise<CreatedProject> {
  const base = mkdtempSync(join(tmpdir(), 'lexigram-edge-installed-'))
  const folder = join(base, 'my-notes')
  const args = ['my-notes', '--platform', platform, '--data', data, '--package', `file:${tarball}`]
  const made = await runCreate(args, base)
  if (made.status !== 0) throw new Error(`create-lexigram-edge failed:\n${made.stderr}`)
  const npm = (...words: readonly string[]): Promise<string> => output('npm', words, folder)
  await npm('install', '--prefer-offline', '--no-audit', '--no-fund')
  return { folder, npm, [Symbol.dispose]: () => rmSync(base, { recursive: true, force: true }) }
}

/** The package's command, as npm makes it available to scripts. */
function linkCommand(folder: string): void {
  const bin = join(folder, 'node_modules/.bin')
  mkdirSync(bin, { recursive: true })
  const target = join(folder, 'node_modules/lexigram-edge', packageJson.bin['lexigram-edge'])
  chmodSync(target, 0o755)
  symlinkSync(target, join(bin, 'lexigram-edge'))
}

export interface CreatedManifest {
  readonly name: string
  readonly scripts: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}

export const manifestIn = (folder: string): CreatedManifest =>
  // The command has written it.
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as CreatedManifest
