import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { root } from '../../tools/commands/steps.ts'

/** What a bundle weighs, and what it is made of. */
export interface Bundle {
  /** Bytes of the minified code, gzipped. */
  readonly gzip: number
  /** Files in it, from the root. */
  readonly modules: readonly string[]
  /** Packages in it. */
  readonly packages: readonly string[]
}

/** Bundles code as wrangler does for a Worker, minified; `lexigram-edge` is this checkout's source. */
export async function measure(code: string, external: readonly string[] = []): Promise<Bundle> {
  const result = await build({
    stdin: { contents: code, resolveDir: root, loader: 'ts' },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['workerd', 'worker', 'browser'],
    mainFields: ['browser', 'module', 'main'],
    external: ['node:*', 'cloudflare:*', ...external],
    logLevel: 'silent',
  })
  const [output] = Object.values(result.metafile.outputs)
  const modules = Object.entries(output?.inputs ?? {})
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => path)
  const packages = modules.flatMap((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [])
  return {
    gzip: gzipSync(result.outputFiles[0]?.contents ?? '', { level: 9 }).length,
    modules: modules.filter((path) => /^(?:src|adapters)\//.test(path)),
    packages: [...new Set(packages)].toSorted(),
  }
}
