import { globSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { siteFolder } from '../../tools/site/build.ts'
import { openPage, type Look } from '../support/browser.ts'
import { factsOf, type PageFacts } from './page-facts.ts'

export interface Visit extends PageFacts {
  readonly path: string
  /** What the page's scripts, the console and the network complained of. */
  readonly problems: readonly string[]
}

/** Looks at every page of the built site, one after the other. */
export async function visitAll(browser: Browser, origin: string, look: Look): Promise<readonly Visit[]> {
  await using watched = await openPage(browser, origin, look)
  watched.page.setDefaultTimeout(120_000)
  const visits: Visit[] = []
  for (const path of globSync('**/*.html', { cwd: siteFolder }).toSorted()) {
    if (path === '404.html') continue
    const before = watched.problems.length
    await watched.page.goto(`${origin}/${path}`)
    visits.push({ path, ...(await factsOf(watched.page)), problems: watched.problems.slice(before) })
  }
  return visits
}

/** Links to a page that does not exist, or to a place that its page does not have. */
export function deadLinks(visits: readonly Visit[], origin: string): readonly string[] {
  const places = new Map(visits.map(({ path, ids }) => [`/${path}`, new Set(ids)]))
  return visits.flatMap(({ path, links }) =>
    links.flatMap((link) => {
      const { pathname, hash } = new URL(link, origin)
      const ids = places.get(pathname.endsWith('/') ? `${pathname}index.html` : pathname)
      const isThere = ids !== undefined && (hash === '' || ids.has(decodeURIComponent(hash.slice(1))))
      return isThere ? [] : [`${path} → ${pathname}${hash}`]
    }),
  )
}
