import { EdgeRuntime } from 'edge-runtime'
import { build } from 'esbuild'
import { join } from 'node:path'
import { root } from '../commands/steps.ts'

/**
 * Loads an entry into Vercel's edge runtime. Bundled for no platform at all, so that an import of one of Node's modules
 * fails here as it does on Vercel.
 */
export async function startEdge(entry: string, env: Readonly<Record<string, string>> = {}): Promise<EdgeRuntime> {
  const result = await build({
    entryPoints: [entry],
    tsconfig: join(root, 'tsconfig.json'),
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    conditions: ['edge-light', 'worker', 'browser'],
    logLevel: 'error',
  })
  return new EdgeRuntime({
    initialCode: result.outputFiles[0]!.text,
    extend: (context) => Object.assign(context, { process: { env } }),
  })
}
