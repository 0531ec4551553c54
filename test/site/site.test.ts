import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { siteTools } from '../../tools/packages/site-tools.ts'
import { findToolSet, folderOf } from '../../tools/packages/tool-set.ts'
import type { FetchServer } from '../../tools/runtimes/serve-fetch.ts'
import { buildSite, siteFolder } from '../../tools/site/build.ts'
import { describeWithBrowser, keepScreenshot, looks, openPage } from '../support/browser.ts'
import { describeWithServer } from '../support/needs-server.ts'
import { serveFolder } from '../support/static-site.ts'
import { deadLinks, visitAll, type Visit } from './visit.ts'

const [deskByDay, , , telephoneByNight] = looks
const MINUTES = 60_000

describeWithServer('the generator of the site', findToolSet(siteTools) !== undefined, () => {
  beforeAll(() => buildSite(folderOf(siteTools)), 10 * MINUTES)

  describeWithBrowser((browser) => {
    let server: FetchServer
    let origin: string
    beforeAll(async () => {
      server = await serveFolder(siteFolder)
      origin = new URL(server.url).origin
    })
    afterAll(async () => server?.close())

    describe('every page, on a telephone by night', () => {
      let visits: readonly Visit[]
      beforeAll(async () => {
        visits = await visitAll(browser(), origin, telephoneByNight)
      }, 10 * MINUTES)
      const where = (isWrong: (visit: Visit) => boolean): readonly string[] =>
        visits.filter(isWrong).map(({ path }) => path)

      it('loads without an error, from this server alone', () => {
        expect(visits.length).toBeGreaterThan(60)
        expect(visits.flatMap(({ path, problems }) => problems.map((problem) => `${path}: ${problem}`))).toEqual([])
      })

      it('is no wider than its window', () => {
        expect(where(({ tooWide }) => tooWide > 0)).toEqual([])
      })

      it('has text that stands out and is large enough', () => {
        expect(where(({ contrast }) => contrast < 4.5)).toEqual([])
        expect(where(({ smallestText }) => smallestText < 12)).toEqual([])
      })

      it('draws each of its diagrams', () => {
        expect(where(({ diagrams, drawn }) => diagrams !== drawn)).toEqual([])
        expect(where(({ drawn }) => drawn > 0)).toEqual(['connections.html', 'lifecycle.html'])
      })

      it('has no dead link', () => {
        expect(deadLinks(visits, origin)).toEqual([])
      })

      it('is reachable from the sidebar', () => {
        const listed = new Set(
          visits.find(({ path }) => path === 'lifecycle.html')?.links.map((link) => new URL(link).pathname),
        )
        const lost = where(({ path }) => !listed.has(`/${path.replace(/(?<=^|\/)index\.html$/, '')}`))
        expect(lost).toEqual(['reference/lexigram-edge/namespaces/setting.html'])
      })
    })

    it.each([
      ['tenant', '/tenancy.html'],
      ['LEX_ERR_DB_005', '/errors.html'],
      ['durableConnection', '/reference/lexigram-edge/workers/entrypoints.html'],
      ['checkGraph', '/lifecycle.html'],
    ])('finds "%s"', async (words, path) => {
      await using watched = await openPage(browser(), origin, deskByDay)
      const { page, problems } = watched
      await page.goto(`${origin}/index.html`)
      await page.getByRole('button', { name: 'Search' }).click()
      await page.locator('#localsearch-input').fill(words)
      await page.locator(`.VPLocalSearchBox a[href*="${path}"]`).first().waitFor()
      expect(problems).toEqual([])
    })

    it.each(looks)('shows its first page, a guide and a page of the reference: $name', async (look) => {
      await using watched = await openPage(browser(), origin, look)
      for (const name of ['index', 'lifecycle', 'errors', 'reference/lexigram-edge/hono']) {
        await watched.page.goto(`${origin}/${name}.html`)
        await keepScreenshot(watched.page, `site-${name.replaceAll('/', '-')}-${look.name}`)
      }
      expect(watched.problems).toEqual([])
    })
  })
})
