import { join } from 'node:path'
import { documentsService } from './documents-service.ts'
import { root } from '../commands/steps.ts'
import { bundleWorker, startWorkerd } from './workerd.ts'
import type { LaunchOptions, Running } from './runtime.ts'

/** Runs examples/worker in workerd. Documents are kept by a service beside it. */
export async function launchWorker({ env, port, documents, progress, signal }: LaunchOptions): Promise<Running> {
  progress('bundling examples/worker …')
  const script = await bundleWorker(join(root, 'examples/worker/index.ts'))
  signal.throwIfAborted()
  progress('starting workerd …')
  const miniflare = await startWorkerd(script, {
    port,
    bindings: env,
    // As in wrangler.toml.
    compatibilityFlags: ['nodejs_compat', 'enable_request_signal'],
    signal,
    services: documents === undefined ? {} : { DOCUMENTS: documentsService(documents) },
  })
  return {
    url: (await miniflare.ready).origin,
    note: 'in workerd, the runtime of Cloudflare Workers',
    stop: () => miniflare.dispose(),
  }
}
