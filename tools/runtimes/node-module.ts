import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { root } from '../commands/steps.ts'
import { pluginsFor } from './inspected-app.ts'
import { startNode, type NodeProcess, type ProcessOptions } from './node-process.ts'

/**
 * Bundles an entry for Node and starts it in its own process.
 *
 * @param entry A path from the project's root.
 * @param options.launcher A module that is started in its place and receives the bundle's file. @default none
 */
export async function startModule(
  entry: string,
  options: ProcessOptions & { readonly launcher?: string },
): Promise<NodeProcess> {
  const base = join(root, '.lexigram', 'functions')
  mkdirSync(base, { recursive: true })
  const folder = mkdtempSync(join(base, 'module-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  const file = join(folder, 'index.mjs')
  try {
    await bundle(entry, file, options.inspected)
    const running = await startNode(options.launcher === undefined ? [file] : [options.launcher, file], options)
    const stop = async (): Promise<void> => {
      await running.stop()
      remove()
    }
    return { ...running, stop }
  } catch (error) {
    remove()
    throw error
  }
}

/** With this package's source in place of its published names; other packages stay imports. */
async function bundle(entry: string, outfile: string, inspected = false): Promise<void> {
  await build({
    entryPoints: [join(root, entry)],
    outfile,
    tsconfig: join(root, 'tsconfig.json'),
    bundle: true,
    packages: 'external',
    plugins: pluginsFor(inspected),
    platform: 'node',
    format: 'esm',
    target: 'node22',
    logLevel: 'error',
  })
}
