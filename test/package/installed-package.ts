import { join } from 'node:path'
import packageJson from '../../package.json' with { type: 'json' }
import { output } from '../../tools/runtimes/run-program.ts'
import { root } from '../../tools/commands/steps.ts'
import { packPackage, type Tarball } from '../../tools/release/tarball.ts'
import { createProject } from './project.ts'

/** The packed package, installed as a user's dependency outside the checkout. */
export interface InstalledPackage extends Disposable {
  readonly tarball: Tarball
  /** The user's project. */
  readonly folder: string
  /** Runs a program of this checkout in the user's project and returns what it prints. */
  run(program: 'node' | 'tsc', ...args: readonly string[]): Promise<string>
  /** Makes the peer dependencies available, from this checkout: nothing is fetched. */
  linkPeers(): void
}

/** Installs the packed package in a separate project, which has nothing else. */
export async function installPackage(): Promise<InstalledPackage> {
  const tarball = await packPackage(root)
  const project = createProject({ type: 'module' })
  await installTarball(tarball, project.folder)
  return {
    tarball,
    folder: project.folder,
    run: (program, ...args) => output(join(root, 'node_modules', '.bin', program), args, project.folder),
    linkPeers: () => project.link(...Object.keys(packageJson.peerDependencies)),
    [Symbol.dispose]: () => {
      tarball[Symbol.dispose]()
      project[Symbol.dispose]()
    },
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
