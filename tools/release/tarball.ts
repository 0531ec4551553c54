import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { output } from '../runtimes/run-program.ts'

/** What is published. */
export interface Tarball extends Disposable {
  readonly path: string
  /** Paths inside. */
  readonly files: readonly string[]
}

/**
 * Packs what `npm run build` has built, into a folder that is removed when the tarball is disposed of.
 *
 * @param folder The package's.
 */
export async function packPackage(folder: string): Promise<Tarball> {
  if (!existsSync(join(folder, 'dist')))
    throw new Error('the tarball cannot be checked: dist is missing, run npm run build')
  const base = mkdtempSync(join(tmpdir(), 'lexigram-edge-tarball-'))
  const options = ['--json', '--ignore-scripts', '--pack-destination', base]
  // npm prints one entry for each package that it has packed.
  const [entry] = JSON.parse(await output('npm', ['pack', ...options], folder)) as [
    { filename: string; files: { path: string }[] },
  ]
  return {
    path: join(base, entry.filename),
    files: entry.files.map(({ path }) => path),
    [Symbol.dispose]: () => rmSync(base, { recursive: true, force: true }),
  }
}
