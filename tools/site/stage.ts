import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from '../commands/steps.ts'
import { decisionsPage, homePage } from './generated-pages.ts'
import { pages } from './pages.ts'
import { writeReference } from './reference.ts'

/**
 * Puts together what VitePress reads. It lies beside the tools that are installed for the site, where the theme and
 * VitePress find each other.
 *
 * @param stage The folder; what it holds is replaced.
 * @param tools The `node_modules` with VitePress and TypeDoc, in the folder above.
 */
export async function writeStage(stage: string, tools: string): Promise<void> {
  rmSync(stage, { recursive: true, force: true })
  writeDocuments(stage)
  const config = pathToFileURL(join(import.meta.dirname, 'config.ts')).href
  // Imported by a variable, so that Node reads the sources as they are and VitePress does not bundle them.
  write(
    join(stage, '.vitepress/config.mjs'),
    `const config = '${config}'\nexport default (await import(config)).siteConfig\n`,
  )
  cpSync(join(import.meta.dirname, 'theme'), join(stage, '.vitepress/theme'), { recursive: true })
  copyMermaid(join(tools, 'mermaid', 'dist'), join(stage, 'public', 'mermaid'))
  await writeReference(tools, join(stage, 'reference'))
}

/** Writes the pages that come from documents. Those that have not changed are left alone, for who watches them. */
export function writeDocuments(stage: string): void {
  const all = pages().map((page) => ({ ...page, text: readFileSync(join(root, page.source), 'utf8') }))
  for (const { path, text } of all) write(join(stage, path), path === 'index.md' ? homePage(text) : text)
  write(join(stage, 'decisions/index.md'), decisionsPage(all.filter(({ path }) => path.startsWith('decisions/'))))
}

/** The build for browsers, which loads a chunk for each kind of diagram. */
function copyMermaid(from: string, to: string): void {
  for (const path of globSync('{mermaid.esm.min.mjs,chunks/mermaid.esm.min/*.mjs}', { cwd: from })) {
    cpSync(join(from, path), join(to, path))
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  if (globSync(path).length > 0 && readFileSync(path, 'utf8') === text) return
  writeFileSync(path, text)
}
