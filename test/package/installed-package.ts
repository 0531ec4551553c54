import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import packageJson from '../../package.json' with { type: 'json' }
import { root } from '../../tools/steps.ts'

const run = promisify(execFile)

/** What is published. */
export interface Tarball extends Disposable {
  readonly path: string
  /** Paths inside. */
  readonly files: readonly string[]
}

/** The packed package, installed as a user's dependency outside the checkout. */
export interface InstalledPackage extends Disposable {
  readonly tarball: Tarball
  /** The user's project. */
  readonly folder: string
  /** Runs a program of this checkout in the user's project and gives what it prints. */
  run(program: 'node' | 'tsc', ...args: readonly string[]): Promise<string>
  /** Makes the peer dependencies available, from this checkout: nothing is fetched. */
  linkPeers(): void
}

/** Packs what `npm run build` has built. */
export async function packPackage(): Promise<Tarball> {
  if (!existsSync(join(root, 'dist'))) throw new Error('there is no dist: run npm run build')
  const base = mkdtempSync(join(tmpdir(), 'lexigram-edge-tarball-'))
  const packed = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', base], { cwd: root })
  // npm prints one entry for each package that it has packed.
  const [entry] = JSON.parse(packed.stdout) as [{ filename: string; files: { path: string }[] }]
  return {
    path: join(base, entry.filename),
    files: entry.files.map(({ path }) => path),
    [Symbol.dispose]: () => rmSync(base, { recursive: true, force: true }),
  }
}

/**
 * Adds the package to the project in a folder, without the network. npm refuses if the project's own dependencies are
 * out of the ranges of the package's peers.
 */
export async function installTarball(tarball: Tarball, folder: string): Promise<void> {
  const options = ['--offline', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts']
  await output('npm', ['install', ...options, tarball.path], folder)
}

/** Installs the packed package in a project of its own, which has nothing else. */
export async function installPackage(): Promise<InstalledPackage> {
  const tarball = await packPackage()
  const folder = mkdtempSync(join(tmpdir(), 'lexigram-edge-project-'))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'project', private: true, type: 'module' }))
  await installTarball(tarball, folder)
  return {
    tarball,
    folder,
    run: (program, ...args) => output(join(root, 'node_modules', '.bin', program), args, folder),
    linkPeers: () => {
      for (const name of Object.keys(packageJson.peerDependencies)) {
        const link = join(folder, 'node_modules', name)
        mkdirSync(dirname(link), { recursive: true })
        symlinkSync(join(root, 'node_modules', name), link)
      }
    },
    [Symbol.dispose]: () => {
      tarball[Symbol.dispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What a program prints, also as the message of the error when it fails. */
export async function output(program: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    const { stdout } = await run(program, args, { cwd, maxBuffer: 1e8 })
    return stdout
  } catch (error) {
    // A failed command carries what it printed.
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`${program} failed:\n${stdout}${stderr}`, { cause: error })
  }
}
