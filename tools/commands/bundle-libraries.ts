import { globSync, readFileSync } from 'node:fs'
import { basename, join, relative, sep } from 'node:path'
import { build, type BuildOptions, type Metafile } from 'esbuild'
import { root } from './steps.ts'

/**
 * Puts the libraries of the command line into the modules that name them, with their licences: the package then has no
 * dependencies. `folder` holds what the compiler has emitted for `src/cli/bundled`, which this replaces.
 */
export async function bundleLibraries(folder: string): Promise<void> {
  for (const path of globSync('src/cli/bundled/*.ts', { cwd: root })) {
    const shared = {
      entryPoints: [join(root, path)],
      outfile: join(folder, basename(path).replace(/\.ts$/, '.js')),
      absWorkingDir: root,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node22',
      mainFields: ['module', 'main'],
      logLevel: 'error',
    } satisfies BuildOptions
    const { metafile } = await build({ ...shared, write: false, metafile: true })
    // What is CommonJS inside asks for Node's own modules by `require`.
    const require = "import { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)"
    await build({
      ...shared,
      minifySyntax: true,
      minifyWhitespace: true,
      banner: { js: `${licences(metafile)}\n${require}` },
    })
  }
}

function licences({ inputs }: Metafile): string {
  const names = new Set(
    Object.keys(inputs).flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
  )
  return [...names].map((name) => `/*!\n${name}\n\n${licenceOf(name).replaceAll('*/', '* /')}\n*/`).join('\n')
}

function licenceOf(name: string): string {
  const folder = join(root, 'node_modules', name)
  const [file] = globSync('{LICENSE,License,license,LICENCE}*', { cwd: folder })
  if (file !== undefined) return readFileSync(join(folder, file), 'utf8').trim()
  // The author and the kind of licence, where the package has no text of it.
  const { license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>
  if (typeof license !== 'string') throw new Error(`${relative(root, folder).split(sep).join('/')} has no licence`)
  return `${license}, by ${typeof author === 'string' ? author : ((author as { name?: string } | undefined)?.name ?? name)}`
}
