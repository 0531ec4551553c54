import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { documentsService } from './documents-service.ts'
import { root } from '../commands/steps.ts'
import { pluginsFor } from './inspected-app.ts'
import { bundleWorker, startWorkerd } from './workerd.ts'
import type { LaunchOptions, Running } from './runtime.ts'

/** Runs examples/worker in workerd. Documents are kept by a service beside it. */
export async function launchWorker({
  env,
  port,
  documents,
  inspected,
  progress,
  signal,
}: LaunchOptions): Promise<Running> {
  progress('bundling examples/worker …')
  const script = await bundleWorker(join(root, 'examples/worker/index.ts'), pluginsFor(inspected))
  signal.throwIfAborted()
  progress('starting workerd …')
  const miniflare = await startWorkerd(script, {
    port,
    bindings: env,
    compatibilityFlags: deployedFlags(),
    signal,
    services: documents === undefined ? {} : { DOCUMENTS: documentsService(documents) },
  })
  return {
    url: (await miniflare.ready).origin,
    note: 'in workerd, the runtime of Cloudflare Workers',
    stop: () => miniflare.dispose(),
  }
}

/** Those of wrangler.toml: what works here works where it is deployed. */
function deployedFlags(): string[] {
  const [, list] = /^compatibility_flags = (\[.*\])$/m.exec(readFileSync(join(root, 'wrangler.toml'), 'utf8')) ?? []
  if (list === undefined) throw new Error('wrangler.toml must have its compatibility_flags in one line')
  return JSON.parse(list) as string[]
}
