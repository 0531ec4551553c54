import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../../tools/commands/steps.ts'
import { claimsTwice, titlesIn } from './test-titles.ts'

const paths = globSync('{src,adapters,examples,test,tools,web}/**/*.test.ts', {
  cwd: root,
  exclude: (path) => path.includes('node_modules'),
})

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

  it('claims one thing', () => {
    const twice = paths.flatMap((path) =>
      titlesIn(path, readFileSync(join(root, path), 'utf8'))
        .filter(claimsTwice)
        .map((title) => `${path}: ${title}`),
    )
    expect(paths.length).toBeGreaterThan(400)
    expect(twice).toEqual([])
  })
})
