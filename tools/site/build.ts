import { join } from 'node:path'
import { root } from '../commands/steps.ts'
import { folderOf } from '../packages/tool-set.ts'
import { siteTools } from '../packages/site-tools.ts'
import { output } from '../runtimes/run-program.ts'
import { writeStage } from './stage.ts'

/** Where the built site is. */
export const siteFolder: string = join(root, '.lexigram', 'site')

/** Where VitePress reads from. */
export const stageFolder = (): string => join(folderOf(siteTools), 'stage')

export const vitepress = (): string => join(folderOf(siteTools), 'node_modules', 'vitepress', 'bin', 'vitepress.js')

/**
 * Builds the site into `.lexigram/site`. The tools must be installed.
 *
 * @param args Options of `vitepress build`: `--base=/docs/` for a site below an address.
 * @throws Error with what TypeDoc or VitePress printed: a dead link, a comment that links to nothing
 */
export async function buildSite(args: readonly string[] = []): Promise<void> {
  await writeStage(stageFolder(), join(folderOf(siteTools), 'node_modules'))
  await output(process.execPath, [vitepress(), 'build', stageFolder(), ...args], root)
}
