import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../../tools/commands/steps.ts'
import { claimsTwice, titlesIn } from './test-titles.ts'

/** Titles that were there with two claims. Lower a number when you split a test; it never grows. */
const budgets: Readonly<Record<string, number>> = {
  'src/config': 1,
  'src/nosql': 61,
  'src/sql': 15,
  'src/testing': 1,
  'src/tracing': 1,
  test: 2,
}

const paths = globSync('{src,adapters,examples,test,tools,web}/**/*.test.ts', {
  cwd: root,
  exclude: (path) => path.includes('node_modules'),
})
const folderOf = (path: string): string =>
  path.startsWith('src/') ? path.split('/', 2).join('/') : path.split('/')[0]!

describe('the title of a test', () => {
  it.each([
    'is done, and is undone',
    'stops; the next one starts',
    'keeps one and drops the others',
    'is no list, but a set',
  ])('is found to claim twice in %j', (title) => {
    expect(titlesIn('a.test.ts', `it.each([1])('${title}', () => {})`).filter(claimsTwice)).toEqual([title])
  })

  it('may list things', () => {
    expect(claimsTwice('keeps status and headers of a body')).toBe(false)
  })

  it('claims one thing in all folders, apart from the known ones', () => {
    const found = new Map<string, string[]>()
    for (const path of paths) {
      for (const title of titlesIn(path, readFileSync(join(root, path), 'utf8')).filter(claimsTwice)) {
        const folder = folderOf(path)
        found.set(folder, [...(found.get(folder) ?? []), `${path}: ${title}`])
      }
    }
    const over = [...found].filter(([folder, titles]) => titles.length > (budgets[folder] ?? 0))
    expect(over).toEqual([])
  })
})
