import { describe, expect, it } from 'vitest'
import { castsIn } from './casts.ts'
import { modulesIn } from './modules.ts'

/**
 * How many `as` and `!` a folder has, and how many of them have no comment, because they are obvious. Lower a number when
 * a better type or a reason makes it smaller.
 */
const budgets: Readonly<Record<string, readonly [casts: number, silent: number]>> = {
  adapters: [62, 17],
  'src/cli': [34, 8],
  'src/config': [3, 0],
  'src/container': [20, 9],
  'src/core': [31, 5],
  'src/hono': [6, 0],
  'src/inspector': [5, 1],
  'src/nosql': [334, 148],
  'src/opentelemetry': [2, 0],
  'src/runtime': [12, 4],
  'src/sql': [77, 21],
  'src/testing': [39, 22],
  'src/tracing': [5, 0],
}

const modules = modulesIn('src', 'adapters').map(({ path, text }) => ({ path, casts: castsIn(path, text) }))
const folderOf = (path: string): string => path.split('/', path.startsWith('src/') ? 2 : 1).join('/')

describe('a cast', () => {
  it.each([
    ['const a = b as never', true],
    ['const a = b as unknown as C', true],
    ['const a = b as C', false],
    ['const a = b!', false],
  ])('is found in %s', (text, isBlind) => {
    expect(castsIn('a.ts', text)).toMatchObject([{ isBlind, hasReason: false }])
  })

  it.each(['const a = b as const', 'const a = b as unknown', 'const a: C = b'])('is not found in %s', (text) => {
    expect(castsIn('a.ts', text)).toEqual([])
  })

  it.each(['// whole\nconst a = b as never', 'const a = b as never // whole'])('has its reason in %j', (text) => {
    expect(castsIn('a.ts', text)).toMatchObject([{ hasReason: true }])
  })

  it('a cast that fits any type has its reason in a comment', () => {
    const silent = modules.flatMap(({ path, casts }) =>
      casts.filter(({ isBlind, hasReason }) => isBlind && !hasReason).map(({ line }) => `${path}:${line}`),
    )
    expect(silent).toEqual([])
  })

  it.each([
    ['is one of a number that does not grow', 0],
    ['without a reason is one of a number that does not grow', 1],
  ] as const)('%s', (_claim, which) => {
    const found = new Map<string, number>()
    for (const { path, casts } of modules) {
      const counted = which === 0 ? casts : casts.filter(({ hasReason }) => !hasReason)
      found.set(folderOf(path), (found.get(folderOf(path)) ?? 0) + counted.length)
    }
    expect([...found].filter(([folder, count]) => count > (budgets[folder]?.[which] ?? 0))).toEqual([])
  })
})
