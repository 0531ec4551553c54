import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { root } from '../../tools/commands/steps.ts'

/** A user's project, outside the checkout. */
export interface Project extends Disposable {
  readonly folder: string
  /** Makes packages of this checkout available: nothing is fetched. */
  link(...packages: readonly string[]): void
  /** Makes a package of another project available. */
  linkFrom(folder: string, name: string): void
  /** Writes a file, and the folders above it. */
  write(path: string, text: string): void
}

/** Makes a project that has nothing but its package.json. */
export function createProject(manifest: object): Project {
  const folder = mkdtempSync(join(tmpdir(), 'lexigram-edge-project-'))
  const write = (path: string, text: string): void => {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  write('package.json', JSON.stringify({ name: 'project', private: true, ...manifest }))
  return {
    folder,
    write,
    linkFrom(from, name) {
      mkdirSync(join(folder, 'node_modules'), { recursive: true })
      symlinkSync(join(from, 'node_modules', name), join(folder, 'node_modules', name))
    },
    link: (...packages) => linkPackages(folder, packages),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Makes packages of this checkout available to the project in a folder. */
export function linkPackages(folder: string, packages: readonly string[]): void {
  for (const name of packages) {
    const path = join(folder, 'node_modules', name)
    mkdirSync(dirname(path), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), path)
  }
}
