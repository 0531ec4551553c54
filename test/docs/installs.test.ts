import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../../tools/commands/steps.ts'
import { codeBlocksOf, documents, fileOf } from './code-blocks.ts'

/** What a reader of a page has already: it begins with their program. */
const brought: Readonly<Record<string, readonly string[]>> = {
  'docs/node.md': ['hono'],
  'docs/vercel.md': ['hono'],
  'docs/workers.md': ['hono'],
  'docs/from-hono-aws-lambda.md': ['hono'],
  'docs/from-drizzle-neon-http.md': ['hono', 'drizzle-orm', '@neondatabase/serverless'],
  'docs/from-mongodb.md': ['hono'],
  'docs/troubleshooting.md': ['hono'],
  // One section is about transactions of a database that is there.
  'docs/hono.md': ['drizzle-orm'],
}

/** Packages whose types are apart from them. */
const typed: Readonly<Record<string, string>> = { 'aws-lambda': '@types/aws-lambda' }

/** What an entry needs, by the table of entries. */
const needs = new Map(
  [...read('docs/entry-points.md').matchAll(/^\| `(lexigram-edge[^`]*)` +\|[^|]*\| `([^`]+)` +\|$/gm)].map(
    ([, entry = '', peer = '']) => [entry, peer],
  ),
)

describe('a page says what to install for its programs', () => {
  it.each(documents().filter((page) => page.startsWith('docs/') && importsOf(page).length > 0))('%s', (page) => {
    const installed = [...read(page).matchAll(/npm install ([^\n`]+)/g)].flatMap(([, words = '']) => words.split(' '))
    const has = new Set([...installed, ...(brought[page] ?? [])])
    expect(importsOf(page).filter((name) => !has.has(name))).toEqual([])
  })

  it('knows the peers of entries', () => expect(needs.get('lexigram-edge/nosql/mongodb')).toBe('mongodb'))
})

function read(page: string): string {
  return readFileSync(join(root, page), 'utf8')
}

/** The packages that a page's own programs import, without this one and what the platforms bring. */
function importsOf(page: string): string[] {
  const code = codeBlocksOf(page).filter((block) => block.language === 'ts' && fileOf(block) === undefined)
  const specifiers = code.flatMap((block) =>
    [...block.code.matchAll(/ from '([^.'][^']*)'/g)].map(([, name = '']) => name),
  )
  const packages = specifiers.flatMap((specifier) => {
    if (/^(?:node|cloudflare):/.test(specifier)) return []
    if (/^lexigram-edge(?:\/|$)/.test(specifier)) return needs.get(specifier) ?? []
    const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
    return typed[name] ?? name
  })
  return [...new Set(packages)]
}
