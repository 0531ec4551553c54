import { build, type Plugin } from 'esbuild'
import { convertV4MiniflareOptions, kCurrentWorker, Miniflare } from 'miniflare'
import { nodeBuiltins } from './node-builtins.ts'
import { keepingSignals, whenReady } from './workerd-signals.ts'

/** The newest date that the pinned workerd knows is later; this one is what wrangler.toml says too. */
export const compatibilityDate = '2026-10-01'

export interface WorkerdOptions {
  readonly bindings?: Readonly<Record<string, unknown>>
  /** Databases that are bound as Hyperdrive, by binding. */
  readonly hyperdrives?: Readonly<Record<string, string>>
  readonly compatibilityDate?: string
  readonly compatibilityFlags?: readonly string[]
  readonly host?: string
  readonly port?: number
  /** Functions that run in Node and are bound as services: `env.NAME.fetch(request)` calls them. */
  readonly services?: Readonly<Record<string, (request: Request) => Response | Promise<Response>>>
  readonly queueConsumers?: readonly string[]
  /** Aborts when it is no longer needed. Then the process's signals are the caller's, who disposes of the result. */
  readonly signal?: AbortSignal
  /** Classes of the script that are bound as Durable Objects, by binding. */
  readonly durableObjects?: Readonly<Record<string, string>>
  /** Classes of the script that are bound as Workflows, by binding. */
  readonly workflows?: Readonly<Record<string, string>>
  /** Named entrypoints of the script that are bound to it as services, by binding. */
  readonly entrypoints?: Readonly<Record<string, string>>
  /** Whether the script gets the traces of the requests to it. @default false */
  readonly tail?: boolean
  /** Whether the script gets the spans of the requests to it, as they come. @default false */
  readonly streamingTail?: boolean
}

/** Bundles a Worker's entry the way wrangler does: one file, Node's modules left to the runtime. */
export async function bundleWorker(
  entry: string | { contents: string; resolveDir: string },
  plugins: readonly Plugin[] = [],
): Promise<string> {
  const result = await build({
    ...(typeof entry === 'string' ? { entryPoints: [entry] } : { stdin: { ...entry, loader: 'ts' } }),
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['node:*', 'cloudflare:*'],
    plugins: [nodeBuiltins, ...plugins],
    logLevel: 'error',
  })
  return result.outputFiles[0]!.text
}

/** Starts a script in real workerd. Dispose of the result: a killed parent would leave workerd running. */
export async function startWorkerd(script: string, options: WorkerdOptions = {}): Promise<Miniflare> {
  const { signal } = options
  const make = (): Miniflare =>
    new Miniflare(
      convertV4MiniflareOptions({
        name: 'worker',
        tails: options.tail === true ? ['worker'] : [],
        ...(options.streamingTail === true && { streamingTails: ['worker'] }),
        modules: [{ type: 'ESModule', path: 'worker.mjs', contents: script }],
        compatibilityDate: options.compatibilityDate ?? compatibilityDate,
        compatibilityFlags: [...(options.compatibilityFlags ?? ['nodejs_compat'])],
        host: options.host ?? '127.0.0.1',
        port: options.port ?? 0,
        bindings: options.bindings ?? {},
        hyperdrives: { ...options.hyperdrives },
        serviceBindings: { ...options.services, ...entrypointBindings(options.entrypoints) },
        durableObjects: { ...options.durableObjects },
        workflows: Object.fromEntries(
          Object.entries(options.workflows ?? {}).map(([name, className]) => [name, { name: className, className }]),
        ),
        ...(options.queueConsumers === undefined ? {} : { queueConsumers: [...options.queueConsumers] }),
      } as Parameters<typeof convertV4MiniflareOptions>[0]),
    )
  if (signal !== undefined) return whenReady(keepingSignals(make), signal)
  const miniflare = make()
  await miniflare.ready
  return miniflare
}

function entrypointBindings(entrypoints: WorkerdOptions['entrypoints'] = {}): object {
  const bindings = Object.entries(entrypoints).map(([name, entrypoint]) => [name, { name: kCurrentWorker, entrypoint }])
  return Object.fromEntries(bindings) as object
}
