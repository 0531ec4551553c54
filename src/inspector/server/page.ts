import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'

export interface Page {
  readonly html: string
  /** The content security policy: the page's own script and style, and its own server. */
  readonly policy: string
}

/** The built page lies beside this module, in the package as well as in a checkout, where `npm run build` makes it. */
const place = new URL('./page.html', import.meta.url)

/** Reads the page; undefined where it was not built. */
export async function readPage(): Promise<Page | undefined> {
  const html = await readFile(place, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  return html === undefined ? undefined : { html, policy: policyFor(html) }
}

function policyFor(html: string): string {
  const hashes = (pattern: RegExp): string =>
    Array.from(html.matchAll(pattern), ([, text = '']) => `'sha256-${hashOf(text)}'`).join(' ')
  return [
    "default-src 'none'",
    `script-src ${hashes(/<script[^>]*>([^]*?)<\/script>/g)}`,
    `style-src ${hashes(/<style[^>]*>([^]*?)<\/style>/g)}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
