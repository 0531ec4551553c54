import { statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { build, type BuildOptions } from 'esbuild'
import { root } from '../commands/steps.ts'

/**
 * Bundles an entry into one file for Node, with a source map beside it: stack traces are of the source when Node runs
 * with `--enable-source-maps`. Both paths are from the project's root.
 */
export async function bundleForDeployment(entry: string, outfile: string, options: BuildOptions = {}): Promise<void> {
  await build({
    entryPoints: [join(root, entry)],
    outfile: join(root, outfile),
    tsconfig: join(root, 'tsconfig.json'),
    bundle: true,
    platform: 'node',
    target: 'node22',
    sourcemap: 'linked',
    // Only places are needed.
    sourcesContent: false,
    logLevel: 'error',
    ...options,
    // Optional native parts of `pg` and `ws`.
    external: ['pg-native', 'bufferutil', 'utf-8-validate', ...(options.external ?? [])],
  })
  for (const file of [outfile, `${outfile}.map`]) {
    const size = statSync(join(root, file)).size / 1024
    console.log(`${relative(root, join(root, file))}, ${size.toFixed(0)} KiB`)
  }
}

/** For bundles that are modules: what CommonJS packages in them call. */
export const requireInModules = {
  js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
}
