import { describe, expect, it } from 'vitest'
import { castsIn } from './casts.ts'
import { modulesIn } from './modules.ts'

/** How many `as` and `!` a folder has. Lower a number when a better type makes it smaller. */
const budgets: Readonly<Record<string, number>> = {
  adapters: 59,
  'src/cli': 32,
  'src/config': 3,
  'src/container': 20,
  'src/core': 29,
  'src/hono': 6,
  'src/inspector': 5,
  'src/nosql': 306,
  'src/opentelemetry': 2,
  'src/runtime': 12,
  'src/sql': 74,
  'src/testing': 27,
  'src/tracing': 5,
}

const modules = modulesIn('src', 'adapters').map(({ path, text }) => ({ path, casts: castsIn(path, text) }))
const folderOf = (path: string): string => path.split('/', path.startsWith('src/') ? 2 : 1).join('/')

describe('a cast', () => {
  it.each([
    ['const a = b as never', 'never'],
    ['const a = b as unknown as C', 'C'],
    ['const a = b as C', 'C'],
    ['const a = b!', '!'],
  ])('is found in %s', (text, claim) => {
    expect(castsIn('a.ts', text)).toMatchObject([{ claim, hasReason: false }])
  })

  it.each(['const a = b as const', 'const a = b as unknown', 'const a: C = b'])('is not found in %s', (text) => {
    expect(castsIn('a.ts', text)).toEqual([])
  })

  it.each(['// whole\nconst a = b as never', 'const a = b as never // whole'])('has its reason in %j', (text) => {
    expect(castsIn('a.ts', text)).toMatchObject([{ hasReason: true }])
  })

  it('has its reason in a comment', () => {
    const silent = modules.flatMap(({ path, casts }) =>
      casts.filter(({ hasReason }) => !hasReason).map(({ line, claim }) => `${path}:${line} ${claim}`),
    )
    expect(silent).toEqual([])
  })

  it('is one of a number that does not grow', () => {
    const found = new Map<string, number>()
    for (const { path, casts } of modules) {
      found.set(folderOf(path), (found.get(folderOf(path)) ?? 0) + casts.length)
    }
    expect([...found].filter(([folder, count]) => count > (budgets[folder] ?? 0))).toEqual([])
  })
})
