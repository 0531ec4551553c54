import { randomUUID } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { root } from '../commands/steps.ts'

const sources = join(root, 'web/inspector')

/** Where the server reads the page, in a checkout. Not kept in Git. */
export const pageOfCheckout = join(root, 'src/inspector/server/page.html')

/** The inspector's page in one file, script and style inside. Takes a moment. */
export async function bundlePage(): Promise<string> {
  const result = await build({
    entryPoints: { script: join(sources, 'main.tsx'), style: join(sources, 'page.css') },
    tsconfig: join(sources, 'tsconfig.json'),
    outdir: 'unused',
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    // Those that have light-dark() and Map.groupBy.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'error',
  })
  const text = (suffix: string): string => {
    const file = result.outputFiles.find(({ path }) => path.endsWith(suffix))
    if (file === undefined) throw new Error(`the page of the inspector has no ${suffix}`)
    return file.text.trim()
  }
  // Replaced by functions: what they return may have `$`.
  return readFileSync(join(sources, 'page.html'), 'utf8')
    .replace('<!-- style -->', () => `<style>${text('.css')}</style>`)
    .replace('<!-- script -->', () => `<script>${text('.js')}</script>`)
}

/** Writes the page where a server finds it, at once: another process may be reading it. */
export async function buildPage(file = pageOfCheckout): Promise<void> {
  const html = await bundlePage()
  const draft = `${file}.${randomUUID()}`
  writeFileSync(draft, html)
  renameSync(draft, file)
}
