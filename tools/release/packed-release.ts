import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { output } from '../runtimes/run-program.ts'
import { packPackage } from './tarball.ts'
import { tarballProblems, type Manifest } from './tarball-problems.ts'

/**
 * Builds and packs what is checked out, and checks what came out of it.
 *
 * @returns the tarball's path, below `.lexigram/release`
 * @throws Error that lists what is wrong
 */
export async function buildTarball(folder: string, manifest: object): Promise<string> {
  await output('npm', ['run', 'build'], folder)
  using tarball = await packPackage(folder)
  // Its entries are what the tarball is compared with.
  const problems = await tarballProblems(tarball, manifest as Manifest)
  if (problems.length > 0) throw new Error(`this must not be published:\n${problems.join('\n')}`)
  const kept = join('.lexigram', 'release')
  rmSync(join(folder, kept), { recursive: true, force: true })
  mkdirSync(join(folder, kept), { recursive: true })
  const path = join(kept, basename(tarball.path))
  copyFileSync(tarball.path, join(folder, path))
  return path
}
