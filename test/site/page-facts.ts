import type { Page } from 'playwright-core'

/** What the tests ask of a page that a browser has drawn. */
export interface PageFacts {
  /** Addresses of its links, without those to other sites. */
  readonly links: readonly string[]
  readonly ids: readonly string[]
  /** Pixels by which the page is wider than its window. */
  readonly tooWide: number
  /** Diagrams in the page, and those of them that have been drawn. */
  readonly diagrams: number
  readonly drawn: number
  /** The lowest contrast of its text, as the ratio of WCAG 2. */
  readonly contrast: number
  /** The smallest text of the content, in pixels. */
  readonly smallestText: number
}

// Runs in the browser, whose types this project does not have.
const script = `(() => {
  const { documentElement: html, body } = document
  const numbers = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number)
  const backgroundOf = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const [r, g, b, a = 1] = numbers(getComputedStyle(at).backgroundColor)
      if (a === 1 && r !== undefined) return [r, g, b]
    }
    return [255, 255, 255]
  }
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4))
    return 0.2126 * x + 0.7152 * y + 0.0722 * z
  }
  const contrast = (element) => {
    const [one, other] = [light(numbers(getComputedStyle(element).color)), light(backgroundOf(element))]
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
  }
  const text = [...document.querySelectorAll('.vp-doc :is(p, li, td, th, h1, h2, h3)')].filter((element) => element.closest('.diagram') === null)
  return {
    links: [...document.querySelectorAll('a[href]')].map(({ href }) => href).filter((href) => href.startsWith(location.origin)),
    ids: [...document.querySelectorAll('[id]')].map(({ id }) => id),
    tooWide: html.scrollWidth - html.clientWidth,
    diagrams: document.querySelectorAll('.diagram').length,
    drawn: [...document.querySelectorAll('.diagram.drawn svg')].filter((svg) => svg.getBoundingClientRect().height > 50).length,
    contrast: Math.min(21, ...text.map(contrast)),
    smallestText: Math.min(16, ...text.map((element) => parseFloat(getComputedStyle(element).fontSize))),
  }
})()`

/** Waits until the page's script runs and its diagrams are drawn, and looks at it. */
export async function factsOf(page: Page): Promise<PageFacts> {
  await page.waitForFunction(
    `document.querySelector('#app')?.__vue_app__ !== undefined && document.querySelector('pre.diagram') === null`,
  )
  return page.evaluate<PageFacts>(script)
}
