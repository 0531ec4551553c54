import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import packageJson from '../../package.json' with { type: 'json' }
import { root } from '../commands/steps.ts'
import { entries } from '../docs/entries.ts'
import { errorCodes } from './error-codes.ts'
import { repositoryLinks } from './links.ts'
import type { MarkdownIt } from './markdown.ts'
import { pages } from './pages.ts'
import { sidebarOf } from './sidebar.ts'
import { titleOf } from './generated-pages.ts'
import { webAddress } from '../release/address.ts'

const address = webAddress((packageJson as { repository?: unknown }).repository)
const documents = pages()

/** What VitePress is configured by; the staged `.vitepress/config.mjs` exports it. */
export const siteConfig = {
  title: packageJson.name,
  description: packageJson.description,
  lang: 'en',
  outDir: join(root, '.lexigram', 'site'),
  // Hosts that serve `errors.html` for `/errors` need nothing; all others need the ending.
  cleanUrls: false,
  markdown: {
    anchor: { slugify },
    config(md: MarkdownIt) {
      repositoryLinks(md, { pages: documents, files: address === undefined ? undefined : `${address}/blob/HEAD` })
      errorCodes(md)
      diagrams(md)
    },
  },
  // Their tables take the place of the outline.
  transformPageData: ({ relativePath }: { readonly relativePath: string }) =>
    ['errors.md', 'configuration.md', 'entry-points.md'].includes(relativePath)
      ? { frontmatter: { aside: false } }
      : {},
  vite: { plugins: [{ name: 'mermaid-as-built', configureServer: serveMermaid }] },
  themeConfig: {
    nav: [
      { text: 'Guides', link: '/lifecycle' },
      { text: 'Errors', link: '/errors' },
      { text: 'API', link: '/reference/' },
      { text: 'Changelog', link: '/changelog' },
    ],
    sidebar: sidebarOf({
      pages: documents,
      entries: entries().map(({ specifier }) => specifier),
      titleOf: ({ source, path }) =>
        path === 'index.md' ? 'Introduction' : titleOf(readFileSync(join(root, source), 'utf8')),
    }),
    outline: { level: [2, 3] },
    // An index that comes with the page: nothing is asked of another server.
    search: { provider: 'local', options: { detailedView: true } },
    ...(address !== undefined && { socialLinks: [{ icon: 'git', link: address, ariaLabel: 'Repository' }] }),
    docFooter: { prev: 'Previous', next: 'Next' },
    externalLinkIcon: true,
  },
}

/** What Vite's development server hands to a plugin. */
interface DevelopmentServer {
  readonly middlewares: {
    use(answer: (request: { url?: string }, response: unknown, next: () => void) => void): void
  }
}

/** The development server marks what a page imports, and refuses to serve a public file with that mark. */
function serveMermaid({ middlewares }: DevelopmentServer): void {
  middlewares.use((request, _response, next) => {
    request.url = request.url?.replace(/(?<=\/mermaid\/[^?]*)\?import$/, '') ?? ''
    next()
  })
}

/** Anchors as the repository's host makes them, so that a link works there and here. */
export function slugify(title: string): string {
  return title
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-')
}

/** Leaves blocks of `mermaid` to the theme's component, which draws them in the reader's browser. */
function diagrams(md: MarkdownIt): void {
  const fence = md.renderer.rules['fence']
  md.renderer.rules['fence'] = (tokens, index, ...rest) => {
    const { info = '', content = '' } = tokens[index] ?? {}
    if (info.trim() === 'mermaid') return `<Diagram source="${encodeURIComponent(content)}" />\n`
    return fence?.(tokens, index, ...rest) ?? ''
  }
}
