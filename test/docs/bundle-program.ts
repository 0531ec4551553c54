import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { root } from '../../tools/commands/steps.ts'

/** Writes a page's program as a file that Node runs, with the package from its sources. Returns the file's path. */
export async function bundleProgram(code: string, name: string): Promise<string> {
  const folder = join(root, '.lexigram', 'docs')
  mkdirSync(folder, { recursive: true })
  const { outputFiles } = await build({
    stdin: { contents: code, loader: 'ts', resolveDir: root },
    tsconfig: join(root, 'tsconfig.json'),
    bundle: true,
    packages: 'external',
    format: 'esm',
    target: 'es2022',
    platform: 'node',
    write: false,
    logLevel: 'error',
  })
  const file = join(folder, `${name}.mjs`)
  writeFileSync(file, outputFiles[0]!.text)
  return file
}
