import type { MarkdownIt, MarkdownToken } from './markdown.ts'
import { linkOnSite, targetOf, type Page } from './pages.ts'

export interface RepositoryLinks {
  readonly pages: readonly Page[]
  /** Address of the repository's files, `https://…/blob/main`; without it a link to a file becomes its text. */
  readonly files: string | undefined
}

/** Leads the links of documents, which are written for the repository, to pages of the site. */
export function repositoryLinks(md: MarkdownIt, { pages, files }: RepositoryLinks): void {
  md.core.ruler.push('repository-links', ({ env, tokens }) => {
    const page = pages.find(({ path }) => path === env.relativePath)
    if (page === undefined) return
    for (const { children } of tokens) {
      children?.forEach((token, index) => {
        if (token.type !== 'link_open') return
        const href = hrefFor(page, token.attrGet('href') ?? '')
        if (href === undefined) hide(children, index)
        else token.attrSet('href', href)
      })
    }
  })

  function hrefFor(page: Page, href: string): string | undefined {
    const [target = '', anchor] = href.split('#', 2)
    if (target === '' || /^[a-z]+:/.test(target)) return href
    const onSite = linkOnSite(page, target, pages)
    const hash = anchor === undefined ? '' : `#${anchor}`
    if (onSite !== undefined) return `./${onSite}${hash}`
    return files === undefined ? undefined : `${files}/${targetOf(page, target)}${hash}`
  }
}

/** Leaves the text of a link and takes the link away. */
function hide(tokens: readonly MarkdownToken[], open: number): void {
  const close = tokens.findIndex(({ type }, index) => index > open && type === 'link_close')
  for (const index of [open, close]) {
    const token = tokens[index]
    if (token !== undefined) Object.assign(token, { type: 'text', content: '' })
  }
}
