import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../commands/steps.ts'

/** Packages that only some tests need, with a separate lock: installed beside the checkout's, once for each lock. */
export interface ToolSet {
  /** The name in messages: `Lambda’s runtime client`. */
  readonly title: string
  /** Where its package.json and lock are, from the root. */
  readonly manifests: string
  /** What is installed under `.lexigram`, a folder for each lock. */
  readonly name: string
  /** The script that installs it. */
  readonly script: string
  /** What to know while waiting for it. */
  readonly note?: string
}

/** What says which packages are installed, and the lock that pins them. */
export const manifests: readonly string[] = ['package.json', 'package-lock.json']

/** The file that is written when the installation has ended well. */
export const installedMark = 'installed'

/** Where the packages of the lock as it is now are installed. */
export function folderOf(set: ToolSet): string {
  const hash = createHash('sha256')
  for (const name of manifests) hash.update(readFileSync(join(root, set.manifests, name)))
  return join(root, '.lexigram', set.name, hash.digest('hex').slice(0, 12))
}

/**
 * The `node_modules` of what is installed, or nothing where it could not be: tests of it are skipped by name then.
 *
 * @throws Error with `CI=true`, where nothing may be skipped
 */
export function findToolSet(set: ToolSet): string | undefined {
  const folder = folderOf(set)
  if (existsSync(join(folder, installedMark))) return join(folder, 'node_modules')
  if (process.env['CI'] === 'true') throw new Error(`not installed: ${set.title}, npm run ${set.script}`)
  return undefined
}
