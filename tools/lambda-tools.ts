import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './steps.ts'

/** What says which packages are installed, and the lock that pins them. */
export const manifests: readonly string[] = ['package.json', 'package-lock.json']
export const manifestFolder: string = join(root, 'tools', 'lambda')

/** Where `npm run setup:lambda` installs Lambda's runtime client and the packager: one folder for each lock. */
export function lambdaToolsFolder(): string {
  const hash = createHash('sha256')
  for (const name of manifests) hash.update(readFileSync(join(manifestFolder, name)))
  return join(root, '.lexigram', 'lambda-tools', hash.digest('hex').slice(0, 12))
}

/** The file that is written when the installation has ended well. */
export const installedMark = 'installed'

/**
 * The installed packages, or nothing where they could not be fetched or built: tests of them are skipped by name then.
 *
 * @throws Error with `CI=true`, where nothing may be skipped
 */
export function findLambdaTools(): string | undefined {
  const folder = lambdaToolsFolder()
  if (existsSync(join(folder, installedMark))) return join(folder, 'node_modules')
  if (process.env['CI'] === 'true') throw new Error('Lambda’s runtime client is not installed: npm run setup:lambda')
  return undefined
}
