import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../../tools/steps.ts'
import { output } from './run-program.ts'

/** What is published. */
export interface Tarball extends Disposable {
  readonly path: string
  /** Paths inside. */
  readonly files: readonly string[]
}

/** Packs what `npm run build` has built. */
export async function packPackage(): Promise<Tarball> {
  if (!existsSync(join(root, 'dist'))) throw new Error('there is no dist: run npm run build')
  const base = mkdtempSync(join(tmpdir(), 'lexigram-edge-tarball-'))
  const packed = await output('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', base], root)
  // npm prints one entry for each package that it has packed.
  const [entry] = JSON.parse(packed) as [{ filename: string; files: { path: string }[] }]
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
