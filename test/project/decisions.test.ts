import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../../tools/commands/steps.ts'

const names = globSync('docs/decisions/*', { cwd: root }).map((path) => basename(path))
const numberOf = (name: string): string => name.slice(0, 4)

describe('decisions', () => {
  it('are named by four digits and a title', () => {
    expect(names.length).toBeGreaterThan(20)
    expect(names.filter((name) => !/^\d{4}(?:-[a-z0-9]+)+\.md$/.test(name))).toEqual([])
  })

  it('have a number each', () => {
    const twice = names.filter((name) => names.some((other) => other !== name && numberOf(other) === numberOf(name)))
    expect(twice.toSorted()).toEqual([])
  })

  it('are referred to by a number that exists', () => {
    const texts = globSync(['*.md', 'docs/**/*.md', '{src,adapters,examples,tools,test,bench}/**/*.{ts,md}'], {
      cwd: root,
      exclude: (path) => path.includes('node_modules'),
    }).map((path) => [path, readFileSync(join(root, path), 'utf8')] as const)
    const broken = texts.flatMap(([path, text]) =>
      [...text.matchAll(/decisions?[/ ](\d{4})(-[a-z0-9-]+)?/g)]
        .filter(([, number, title]) => !names.some((name) => name.startsWith(`${number}${title ?? '-'}`)))
        .map(([reference]) => `${path}: ${reference}`),
    )
    expect(texts.length).toBeGreaterThan(500)
    expect(broken).toEqual([])
  })
})
