import { beforeAll, expect, it } from 'vitest'
import { startInspector, type Inspector } from '../../src/inspector/server/start-inspector.ts'
import { buildPage } from '../../tools/inspector/build-page.ts'
import { describeWithBrowser, keepScreenshot, openPage } from '../support/browser.ts'

const script = '<img src=x onerror="globalThis.hit=1"><script>globalThis.hit=1</script>"\'`${hit=1}'
const id = (number: number): string => number.toString(16).padStart(16, '0')

const span = (root: number, number: number, given: object = {}) => ({
  traceId: 'a'.repeat(32),
  spanId: id(number),
  rootId: id(root),
  ...(root !== number && { parentId: id(root) }),
  name: `span ${number}`,
  kind: 'client',
  start: Date.now(),
  end: Date.now() + 5,
  attributes: {},
  ...given,
})

async function send({ url }: Inspector, spans: readonly unknown[], application: object = {}): Promise<void> {
  const body = JSON.stringify({ application: { id: 'one', name: script, ...application }, spans, dropped: 0 })
  expect((await fetch(`${url}/ingest`, { method: 'POST', body })).status).toBe(204)
}

describeWithBrowser((browser) => {
  beforeAll(() => buildPage())

  it('shows what looks like a script as text, in every view', async () => {
    await using inspector = await startInspector()
    const attributes = {
      'db.system.name': script,
      'db.query.text': script,
      'db.query.summary': script,
      'url.path': script,
      [script]: script,
    }
    const calls = Array.from({ length: 6 }, (_, index) => span(1, index + 2, { name: script, attributes }))
    await send(inspector, [span(1, 1, { name: script, failure: script, attributes }), ...calls], {
      runtime: script,
      bootedAt: 1,
      graph: [
        { name: script, lifetime: 'scoped', io: 'none', async: false, by: script, needs: ['b'] },
        { name: 'b', lifetime: 'scoped', io: 'none', async: false, by: script, needs: [script] },
      ],
      settings: [{ section: script, path: script, value: script, description: script }],
      used: [script],
      held: [script],
      health: { status: script, at: 1, checks: [{ name: script, status: script, durationMs: 1 }] },
    })
    await using opened = await openPage(browser(), inspector.url)
    const { page, problems } = opened
    await page.goto(inspector.url)
    await page.locator('.line').first().click()
    await page.locator('.span-line').nth(1).click()
    await page.locator('.attributes').first().waitFor()
    for (const view of ['Statements', 'Graph', 'Application']) {
      await page.getByRole('link', { name: view, exact: true }).click()
      await page.getByText('<img').first().waitFor()
    }
    expect(await page.evaluate('globalThis.hit')).toBeUndefined()
    expect(await page.locator('main img, main script').count()).toBe(0)
    expect(problems).toEqual([])
  })

  it('shows names that mean something to a language as any other', async () => {
    await using inspector = await startInspector()
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
    const attributes = JSON.parse(`{${names.map((name) => `"${name}":"value of ${name}"`).join()}}`) as object
    await send(inspector, [span(1, 1, { attributes })], {
      ...{ runtime: 'node', bootedAt: 1, graph: [], settings: [] },
      health: { status: 'constructor', at: 1, checks: [{ name: 'x', status: '__proto__', durationMs: 1 }] },
    })
    await using opened = await openPage(browser(), inspector.url)
    const { page, problems } = opened
    await page.goto(inspector.url)
    await page.locator('.line').first().click()
    await page.locator('.span-line').first().click()
    const shown = await page.locator('.attributes').first().textContent()
    for (const name of names) expect(shown).toContain(`${name}value of ${name}`)
    await page.getByRole('link', { name: 'Application', exact: true }).click()
    const badges = page.locator('main .badge')
    await badges.first().waitFor()
    expect(await badges.evaluateAll((all) => all.map((one) => (one as { className?: string }).className))).toEqual([
      'badge bad',
      'badge bad',
    ])
    expect(problems).toEqual([])
  })

  it('opens a request of 20,000 spans, each in the one before it', async () => {
    await using inspector = await startInspector()
    for (let first = 1; first <= 20_000; first += 5000) {
      const chain = Array.from({ length: 5000 }, (_, index) =>
        span(1, first + index, { parentId: id(first + index - 1) }),
      )
      await send(inspector, chain)
    }
    await using opened = await openPage(browser(), inspector.url)
    const { page, problems } = opened
    await page.goto(inspector.url)
    await page.locator('.line').first().click()
    await page.locator('.span-line').first().waitFor()
    expect(await page.locator('.span-line').count()).toBe(1000)
    await page.getByRole('button', { name: '19,000 spans more' }).click()
    await page.locator('.span-line').nth(1500).waitFor()
    expect(problems).toEqual([])
  })

  it('shows times of the far future and of long ago', async () => {
    await using inspector = await startInspector()
    await send(inspector, [
      span(1, 1, { start: -8.64e15, end: 8.64e15 }),
      span(1, 2, { start: 8.64e15, end: 8.64e15 }),
      span(3, 3, { start: 8.64e15, end: undefined }),
    ])
    await using opened = await openPage(browser(), inspector.url)
    const { page, problems } = opened
    await page.goto(inspector.url)
    await page.locator('.line').nth(1).click()
    await page.locator('.span-line').nth(1).waitFor()
    await keepScreenshot(page, 'inspector-times')
    expect(problems).toEqual([])
  })

  it('follows once another page has closed, where too many are open', async () => {
    await using inspector = await startInspector()
    const others = await Promise.all(Array.from({ length: 16 }, () => fetch(`${inspector.url}/api/events`)))
    await using opened = await openPage(browser(), inspector.url)
    const { page } = opened
    await page.goto(inspector.url)
    await page.getByText('Close another page of the inspector').waitFor()
    for (const { body } of others) await body?.cancel()
    await page.getByText('live', { exact: true }).waitFor()
    expect(await page.getByText('Close another page').count()).toBe(0)
  })

  it('lists as many requests as the inspector keeps', async () => {
    await using inspector = await startInspector({ maxTraces: 700 })
    await using opened = await openPage(browser(), inspector.url)
    const { page } = opened
    await page.goto(inspector.url)
    await page.getByText('live', { exact: true }).waitFor()
    await send(
      inspector,
      Array.from({ length: 700 }, (_, index) => span(index + 1, index + 1)),
    )
    await page.locator('.line').nth(699).waitFor()
  })

  it('leaves its connection to others while it is hidden', async () => {
    await using inspector = await startInspector()
    await using opened = await openPage(browser(), inspector.url)
    const { page } = opened
    await page.goto(inspector.url)
    await page.getByText('live', { exact: true }).waitFor()
    await page.evaluate(
      `Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
       document.dispatchEvent(new Event('visibilitychange'))`,
    )
    await send(inspector, [span(1, 1)])
    await page.waitForTimeout(300)
    expect(await page.locator('.line').count()).toBe(0)
    await page.evaluate(
      `Object.defineProperty(document, 'visibilityState', { value: 'visible', configurable: true });
       document.dispatchEvent(new Event('visibilitychange'))`,
    )
    await page.locator('.line').first().waitFor()
  })
})
