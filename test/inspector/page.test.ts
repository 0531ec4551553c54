import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startInspector, type Inspector } from '../../src/inspector/server/start-inspector.ts'
import { bundlePage, buildPage } from '../../tools/inspector/build-page.ts'
import { startExample } from '../../tools/runtimes/example.ts'
import type { Running } from '../../tools/runtimes/runtime.ts'
import {
  describeWithBrowser,
  expectNoSidewaysScroll,
  keepScreenshot,
  looks,
  openPage,
  type WatchedPage,
} from '../support/browser.ts'
import { madeBatch } from './made-batch.ts'

describe('the page', () => {
  it('is one file below 150 kB that asks for nothing outside', async () => {
    const html = await bundlePage()
    expect(Buffer.byteLength(html)).toBeLessThan(150_000)
    const asked = html.match(
      /<(?:script|link|img|iframe)\b[^>]*(?:src|href)="(?!data:)[^>]*>|url\((?!["']?data:)[^)]*\)|@import/g,
    )
    expect(asked).toBeNull()
  })
})

describeWithBrowser((browser) => {
  let inspector: Inspector
  beforeAll(() => buildPage())

  describe('without an application', () => {
    it('says how to connect one', async () => {
      await using empty = await startInspector()
      await using opened = await openPage(browser(), empty.url)
      await opened.page.goto(empty.url)
      await opened.page.getByRole('heading', { name: 'No application yet' }).waitFor()
      expect(await opened.page.textContent('main')).toContain(`LEXIGRAM_INSPECTOR=${empty.url}`)
      await keepScreenshot(opened.page, 'inspector-empty-1280-light')
      expect(opened.problems).toEqual([])
    })
  })

  describe('of the example in workerd, and of what another application has sent', () => {
    let example: Running
    beforeAll(async () => {
      inspector = await startInspector()
      await send(inspector, madeBatch(Date.now()))
      example = await startExample({ inspector: inspector.env })
      await useExample(example.url)
    }, 120_000)
    afterAll(async () => {
      await example?.stop()
      await inspector?.close()
    })

    it.each(looks)('can be looked at: $name', async (look) => {
      await using opened = await openPage(browser(), inspector.url, look)
      const { page, problems } = opened
      const keep = async (view: string): Promise<void> => {
        await expectNoSidewaysScroll(page)
        await keepScreenshot(page, `inspector-${view}-${look.name}`)
      }
      await page.goto(inspector.url)
      await page
        .getByRole('link', { name: /POST \/products 201|201.*POST/ })
        .first()
        .waitFor()
      await keep('requests')
      for (const [path, view] of [
        ['/orders', 'repeats'],
        ['/payments', 'failed'],
        ['/reports/may', 'slow'],
        ['/dashboard', 'example'],
      ] as const) {
        await page.getByRole('link', { name: 'Requests', exact: true }).click()
        await page.getByRole('searchbox').fill(path)
        await page.locator('.line', { hasText: path }).first().click()
        await page.locator('.span-line').nth(1).click()
        await page.locator('.attributes').first().waitFor()
        await keep(`request-${view}`)
      }
      await page.getByRole('link', { name: 'Statements' }).click()
      await page.locator('.statement').nth(3).waitFor()
      await keep('statements')
      await page.getByRole('link', { name: 'Graph' }).click()
      await page.locator('.node', { hasText: 'ProductRepository' }).click()
      await page.getByRole('heading', { name: 'ProductRepository' }).waitFor()
      await keep('graph')
      await page.getByRole('link', { name: 'Application' }).click()
      await page.getByText('hidden').first().waitFor()
      await keep('application')
      expect(problems).toEqual([])
    })

    it('marks what is slow, what has failed and what is repeated', async () => {
      await using opened = await open()
      const { page } = opened
      const line = (path: string) => page.locator('.line', { hasText: path }).first()
      expect(await line('/reports/may').textContent()).toMatch(/slow.*scan/)
      expect(await line('/payments').textContent()).toContain('23505')
      expect(await line('/orders').textContent()).toContain('N + 1')
      expect(await line('/export').textContent()).toContain('running')
      expect(await page.textContent('.note')).toContain('3 spans could not be sent')
      await line('/orders').click()
      await page.getByRole('button', { name: 'Show them' }).click()
      expect(await page.locator('.span.marked').count()).toBe(9)
      expect(await page.textContent('.advice')).toContain('9 × SELECT customers')
    })

    it('shows a plan with its access, its residual and what it cost', async () => {
      await using opened = await open('#/requests')
      const { page } = opened
      await page.locator('.line', { hasText: '/reports/may' }).click()
      await page.locator('.span-line', { hasText: 'find invoices' }).click()
      const shown = await page.textContent('.attributes')
      for (const text of [
        'accessscan',
        'checked afterwardstotal, country',
        'requests sent12',
        'documents scanned4812',
      ]) {
        expect(shown).toContain(text)
      }
    })

    it('follows what happens, without being loaded again', async () => {
      await using opened = await open()
      const { page } = opened
      await fetch(`${example.url}/products/nothing-of-this-name`)
      await page.locator('.line', { hasText: '/products/nothing-of-this-name' }).waitFor()
      expect(await page.textContent('[role=status]')).toBe('live')
    })

    it('is used by keys alone', async () => {
      await using opened = await open()
      const { page } = opened
      await page.locator('.line').nth(1).waitFor()
      await page.keyboard.press('j')
      await page.keyboard.press('j')
      await page.locator('.span-line').first().waitFor()
      expect(await page.locator('.line').nth(1).getAttribute('aria-current')).toBe('true')
      await page.locator('.span-line').first().focus()
      await page.keyboard.press('Enter')
      await page.locator('.attributes').waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('heading', { name: 'Choose a request' }).waitFor()
      await page.keyboard.press('/')
      await page.keyboard.type('payments')
      await page.keyboard.press('Escape')
      expect(await page.locator('.line').count()).toBe(1)
      await page.keyboard.press('2')
      await page.locator('.statement').first().waitFor()
      await page.keyboard.press('?')
      await page.getByRole('dialog').waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    })

    it('hides only the secrets of the configuration', async () => {
      await using opened = await open('#/application')
      const { page } = opened
      await page.getByRole('heading', { name: 'Configuration' }).waitFor()
      const shown = await page.textContent('main')
      expect(shown).toMatch(/cursorSecret\s*hidden/)
      expect(shown).toMatch(/pageSize\s*20/)
      expect(shown).toMatch(/healthy/)
      expect(await page.content()).not.toContain('postgresql://')
    })

    it('says that it is not connected when the inspector has ended', async () => {
      await using other = await startInspector()
      await using opened = await openPage(browser(), other.url)
      await opened.page.goto(other.url)
      await opened.page.getByText('live', { exact: true }).waitFor()
      await other.close()
      await opened.page.getByText('not connected').waitFor()
    })

    async function open(hash = ''): Promise<WatchedPage> {
      const opened = await openPage(browser(), inspector.url)
      await opened.page.goto(`${inspector.url}/${hash}`)
      await onceLive(opened.page)
      return opened
    }
  })
})

async function onceLive(page: Page): Promise<void> {
  await page.getByText('live', { exact: true }).waitFor()
}

async function send({ url }: Inspector, batch: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${url}/ingest`, { method: 'POST', headers, body: JSON.stringify(batch) })
  expect(response.status).toBe(204)
}

async function useExample(url: string): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const post = async (path: string, body: unknown) =>
    (await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })).text()
  for (const id of ['tea', 'cup', 'pot']) {
    await post('/products', { id, name: `A ${id}`, stock: 3 })
    await post(`/products/${id}/reviews`, { author: 'Ann', stars: 4, text: 'good' })
    await (await fetch(`${url}/products/${id}`)).text()
  }
  const reads = ['/products', '/products/tea', '/products/cup/reviews', '/dashboard', '/products/none']
  for (let round = 0; round < 12; round++) {
    await Promise.all(reads.map(async (path) => (await fetch(url + path)).text()))
  }
  await post('/products', { id: 'tea', name: 'again', stock: 1 })
  await (await fetch(`${url}/products`)).text()
  await (await fetch(`${url}/dashboard`)).text()
}
