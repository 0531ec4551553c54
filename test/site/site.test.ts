import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../../tools/commands/steps.ts'
import { siteTools } from '../../tools/packages/site-tools.ts'
import { findToolSet, folderOf } from '../../tools/packages/tool-set.ts'
import type { FetchServer } from '../../tools/runtimes/serve-fetch.ts'
import { buildSite, siteFolder, vitepressIn } from '../../tools/site/build.ts'
import { describeWithBrowser, keepScreenshot, looks, openPage } from '../support/browser.ts'
import { describeWithServer } from '../support/needs-server.ts'
import { serveFolder } from '../support/static-site.ts'
import { deadLinks, visitAll, type Visit } from './visit.ts'

const stage = join(folderOf(siteTools), 'stage')
const [deskByDay, , , telephoneByNight] = looks
const MINUTES = 60_000

describeWithServer('the generator of the site', findToolSet(siteTools) !== undefined, () => {
  beforeAll(() => buildSite(folderOf(siteTools)), 10 * MINUTES)

  it.each(publicApi())('has everything that $specifier publishes', ({ specifier, names }) => {
    const page = readFileSync(referenceOf(specifier), 'utf8')
    const headings = page.matchAll(/^### (?:`abstract` )?(\w+)(?:\(\))?$|^\| \[(\w+)\]\(namespaces/gm)
    const described = new Set([...headings].map(([, name, namespace]) => name ?? namespace))
    expect(names.filter((name) => !described.has(name))).toEqual([])
  })

  it('has a place for each code of the page of errors', () => {
    const codes = readFileSync(join(root, 'docs/errors.md'), 'utf8').match(/(?<=^\| `)LEX_ERR_\w+(?=`\s*\| `)/gm) ?? []
    const page = readFileSync(join(siteFolder, 'errors.html'), 'utf8')
    expect(codes.length).toBeGreaterThan(30)
    expect(codes.filter((code) => !page.includes(`id="${code}"`))).toEqual([])
  })

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

      it('fits into its window', () => {
        expect(where(({ tooWide }) => tooWide > 0)).toEqual([])
      })

      it('has legible text', () => {
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
    ])('finds "%s"', { timeout: 3 * MINUTES }, async (words, path) => {
      await using watched = await openPage(browser(), origin, deskByDay)
      const { page, problems } = watched
      page.setDefaultTimeout(MINUTES)
      await page.goto(`${origin}/index.html`)
      await page.getByRole('button', { name: 'Search' }).click()
      await page.locator('#localsearch-input').fill(words)
      await page.locator(`.VPLocalSearchBox a[href*="${path}"]`).first().waitFor()
      expect(problems).toEqual([])
    })

    it('draws its diagrams also where documents are being written', { timeout: 5 * MINUTES }, async () => {
      const args = [vitepressIn(folderOf(siteTools)), 'dev', stage, '--host', '127.0.0.1', '--port', '0']
      const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, NO_COLOR: '1' } })
      try {
        const address = await new Promise<string>((resolve, reject) => {
          let printed = ''
          child.stdout.on('data', (chunk: Buffer) => {
            const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec((printed += chunk.toString())) ?? []
            if (url !== undefined) resolve(url)
          })
          child.on('close', () => reject(new Error(`VitePress has ended:\n${printed}`)))
        })
        await using watched = await openPage(browser(), address, deskByDay)
        watched.page.setDefaultTimeout(2 * MINUTES)
        await watched.page.goto(`${address}/lifecycle.html`)
        await watched.page.locator('.diagram.drawn svg').first().waitFor()
        expect(watched.problems).toEqual([])
      } finally {
        child.kill()
      }
    })

    it.each(looks)(
      'shows its first page, a guide and a page of the reference: $name',
      { timeout: 5 * MINUTES },
      async (look) => {
        await using watched = await openPage(browser(), origin, look)
        for (const name of ['index', 'lifecycle', 'errors', 'reference/lexigram-edge/hono']) {
          await watched.page.goto(`${origin}/${name}.html`)
          await keepScreenshot(watched.page, `site-${name.replaceAll('/', '-')}-${look.name}`)
        }
        expect(watched.problems).toEqual([])
      },
    )
  })
})

/** What each entry publishes, as the test of the public surface keeps it. */
function publicApi(): readonly { readonly specifier: string; readonly names: readonly string[] }[] {
  const text = readFileSync(join(root, 'test/project/public-api.txt'), 'utf8')
  return text.split('\n\n').map((part) => {
    const [specifier = '', ...names] = part.trim().split('\n')
    return { specifier, names: names.map((name) => name.trim().replace(' (type)', '')) }
  })
}

/** The page of an entry, as TypeDoc wrote it; that of the package itself is the index of a folder. */
function referenceOf(specifier: string): string {
  const [file, index] = [`${specifier}.md`, `${specifier}/index.md`].map((path) => join(stage, 'reference', path)) as [
    string,
    string,
  ]
  return existsSync(file) ? file : index
}
