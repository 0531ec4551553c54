import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../../tools/commands/steps.ts'
import { claimsTwice, isPart, titlesIn } from './test-titles.ts'
import { isTranslated } from './voice.ts'

const paths = globSync('{src,adapters,examples,test,tools,web}/**/*.test.ts', {
  cwd: root,
  exclude: (path) => path.includes('node_modules'),
})

let read: readonly (readonly [path: string, title: string])[] | undefined
const titles = () =>
  (read ??= paths.flatMap((path) =>
    titlesIn(path, readFileSync(join(root, path), 'utf8')).map((title) => [path, title] as const),
  ))

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

  it('is looked for in every file', () => {
    expect(paths.length).toBeGreaterThan(400)
  })

  it.each([
    ['claims one thing', claimsTwice],
    ['names its subject, or says what its subject does', isPart],
    ['uses no phrase that reads as translated', isTranslated],
  ])('%s', (_claim, isWrong) => {
    const wrong = titles().flatMap(([path, title]) => (isWrong(title) ? [`${path}: ${title}`] : []))
    expect(wrong).toEqual([])
  })
})
