import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from '../commands/steps.ts'
import { output } from '../runtimes/run-program.ts'
import { writeStage } from './stage.ts'

/** Where the built site is. */
export const siteFolder: string = join(root, '.lexigram', 'site')

/**
 * Builds the site into {@link siteFolder}.
 *
 * @param tools The folder that the tools of the site are installed in.
 * @param args Options of `vitepress build`: `--base=/docs/` for a site below an address.
 * @throws Error with what TypeDoc or VitePress printed: a dead link, a comment that links to nothing
 */
export async function buildSite(tools: string, args: readonly string[] = []): Promise<void> {
  const stage = await stageIn(tools)
  await output(process.execPath, [vitepressIn(tools), 'build', stage, ...args], root)
}

/** A development server over the stage, until a signal ends it. */
export async function serveSite(
  tools: string,
  args: readonly string[],
): Promise<{ readonly stage: string; readonly ended: Promise<number> }> {
  const stage = await stageIn(tools)
  const child = spawn(process.execPath, [vitepressIn(tools), 'dev', stage, ...args], { cwd: root, stdio: 'inherit' })
  const { promise, resolve } = Promise.withResolvers<number>()
  child.on('error', (error) => {
    console.error(error.message)
    resolve(127)
  })
  child.on('close', (code) => resolve(code ?? 0))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
  return { stage, ended: promise }
}

/** The stage lies beside the tools. */
async function stageIn(tools: string): Promise<string> {
  const stage = join(tools, 'stage')
  await writeStage(stage, join(tools, 'node_modules'))
  return stage
}

/** The program of VitePress. */
export const vitepressIn = (tools: string): string => join(tools, 'node_modules', 'vitepress', 'bin', 'vitepress.js')
