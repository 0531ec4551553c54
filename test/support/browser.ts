import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { findBrowser } from '../../tools/browser/find-browser.ts'
import { launchBrowser } from '../../tools/browser/launch-browser.ts'
import { root } from '../../tools/commands/steps.ts'
import { describeWithServer } from './needs-server.ts'

/** Tests that look at pages in headless Chromium, one browser for each file. */
export function describeWithBrowser(tests: (browser: () => Browser) => void): void {
  describeWithServer('Chromium', findBrowser() !== undefined, () => {
    let browser: Browser | undefined
    beforeAll(async () => {
      browser = await launchBrowser()
    }, 70_000)
    afterAll(async () => browser?.close())
    tests(() => browser as Browser)
  })
}

/** What a page is looked at in: a desk, and the narrowest telephone, by day and by night. */
export const looks = [
  { name: '1280-light', width: 1280, height: 900, colorScheme: 'light' },
  { name: '1280-dark', width: 1280, height: 900, colorScheme: 'dark' },
  { name: '360-light', width: 360, height: 780, colorScheme: 'light' },
  { name: '360-dark', width: 360, height: 780, colorScheme: 'dark' },
] as const

export type Look = (typeof looks)[number]

/** What was wrong with a page, by its own account and by that of the network. */
export interface WatchedPage extends AsyncDisposable {
  readonly page: Page
  /** Errors of scripts and of the console, violations of the content security policy, requests that failed. */
  readonly problems: readonly string[]
}

/**
 * A page in its own profile, which fails no test by itself: look at `problems`. Requests to other origins than
 * `origin` are refused and are problems, too.
 */
export async function openPage(
  browser: Browser,
  origin: string,
  { width, height, colorScheme }: Pick<Look, 'width' | 'height' | 'colorScheme'> = looks[0],
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' })
  const page = await context.newPage()
  const problems: string[] = []
  await page.route(
    (url) => url.origin !== origin && /^https?:$/.test(url.protocol),
    async (route) => {
      problems.push(`asked for ${route.request().url()}`)
      await route.abort()
    },
  )
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  return { page, problems, [Symbol.asyncDispose]: () => context.close() }
}

/** Keeps what a page looks like, in `.lexigram/screenshots`, for people to look at. */
export async function keepScreenshot(page: Page, name: string, { fullPage = false } = {}): Promise<void> {
  const folder = join(root, '.lexigram', 'screenshots')
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage })
}

/** Fails where something is wider than the window, so that a telephone would scroll sideways. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const tooWide = await page.evaluate(() => {
    // This runs in the browser, whose globals the test's own types do not have.
    const { document } = globalThis as unknown as { document: { documentElement: Record<string, number> } }
    const { scrollWidth = 0, clientWidth = 0 } = document.documentElement
    return scrollWidth - clientWidth
  })
  expect(tooWide, `${page.url()} is wider than its window`).toBeLessThanOrEqual(0)
}
