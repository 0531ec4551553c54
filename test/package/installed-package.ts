import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import packageJson from '../../package.json' with { type: 'json' }
import { root } from '../../tools/steps.ts'

const run = promisify(execFile)

/** The packed package, installed as a user's dependency outside the checkout. */
export interface InstalledPackage extends Disposable {
  readonly tarball: string
  /** The user's project. */
  readonly folder: string
  /** Paths inside the tarball. */
  readonly files: readonly string[]
  /** Runs a program of this checkout in the user's project and gives what it prints. */
  run(program: 'node' | 'tsc', ...args: readonly string[]): Promise<string>
  /** Makes the peer dependencies available, from this checkout: nothing is fetched. */
  linkPeers(): void
}

/** Packs what `npm run build` has built and installs it without the network. */
export async function installPackage(): Promise<InstalledPackage> {
  if (!existsSync(join(root, 'dist'))) throw new Error('there is no dist: run npm run build')
  const base = mkdtempSync(join(tmpdir(), 'lexigram-edge-package-'))
  const folder = join(base, 'project')
  mkdirSync(folder)
  const packed = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', base], { cwd: root })
  // npm prints one entry for each package that it has packed.
  const [entry] = JSON.parse(packed.stdout) as [{ filename: string; files: { path: string }[] }]
  const tarball = join(base, entry.filename)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'project', private: true, type: 'module' }))
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', tarball], { cwd: folder })
  return {
    tarball,
    folder,
    files: entry.files.map(({ path }) => path),
    run: (program, ...args) => output(join(root, 'node_modules', '.bin', program), args, folder),
    linkPeers: () => {
      for (const name of Object.keys(packageJson.peerDependencies)) {
        const link = join(folder, 'node_modules', name)
        mkdirSync(dirname(link), { recursive: true })
        symlinkSync(join(root, 'node_modules', name), link)
      }
    },
    [Symbol.dispose]: () => rmSync(base, { recursive: true, force: true }),
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
