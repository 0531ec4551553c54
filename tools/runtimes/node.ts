import { startModule } from './node-module.ts'
import type { LaunchOptions, Running } from './runtime.ts'

/** Runs examples/node as its own process, as a container would. */
export async function launchNode(options: LaunchOptions): Promise<Running> {
  options.progress('starting examples/node …')
  const running = await startModule('examples/node/index.ts', options)
  return { ...running, note: 'on Node’s own HTTP server; documents last until it stops' }
}
