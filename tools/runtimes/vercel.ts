import { join } from 'node:path'
import { root } from '../commands/steps.ts'
import { startModule } from './node-module.ts'
import type { NodeProcess, ProcessOptions } from './node-process.ts'
import type { LaunchOptions, Running } from './runtime.ts'

/** Runs examples/vercel as a function on Node, with Fluid compute. */
export async function launchVercel(options: LaunchOptions): Promise<Running> {
  options.progress('starting examples/vercel …')
  const running = await startVercelFunction('examples/vercel/index.ts', options)
  return {
    ...running,
    note: 'as a Vercel function on Node, behind a stand-in for Vercel’s launcher; documents last until it stops',
  }
}

/** Runs a function's module under a stand-in for Vercel's launcher. */
export function startVercelFunction(entry: string, options: ProcessOptions): Promise<NodeProcess> {
  const env = { ...options.env, VERCEL: '1' }
  return startModule(entry, { ...options, env, launcher: join(root, 'tools/runtimes/vercel-launcher.ts') })
}
