import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCommand } from '../command.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lexigram-firestore-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const contract = pathToFileURL('src/nosql/contract/define-collection.ts').href
const migrations = pathToFileURL('src/nosql/migration/index-operations.ts').href

function moduleOf(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

async function run(...args: string[]) {
  const printed: string[] = []
  const print = (line: string) => printed.push(line)
  const code = await runCommand(['firestore', ...args], { signal: AbortSignal.any([]), print, complain: print })
  return { code, printed }
}

describe('lexigram-edge firestore indexes', () => {
  it('has nothing to do after it wrote what modules declare', async () => {
    const collections = moduleOf(
      'collections.mjs',
      `import { defineCollection } from '${contract}'
       export const orders = defineCollection('orders', {
         fields: { tenant: 'string', placed: 'date' }, indexes: [{ keys: { tenant: 1, placed: -1 } }],
       })
       export const others = 7`,
    )
    const migration = moduleOf(
      'migration.mjs',
      `import { CreateIndex } from '${migrations}'
       export default [new CreateIndex('posts', [['author', 1], ['at', -1]])]`,
    )
    const file = join(folder, 'firestore.indexes.json')
    const args = ['indexes', collections, migration, '--file', file]
    expect(await run(...args, '--check')).toMatchObject({ code: 1 })
    expect(await run(...args)).toMatchObject({ code: 0, printed: [expect.stringContaining('firebase deploy')] })
    const { indexes } = JSON.parse(readFileSync(file, 'utf8')) as { indexes: { collectionGroup: string }[] }
    expect(new Set(indexes.map(({ collectionGroup }) => collectionGroup))).toEqual(new Set(['orders', 'posts']))
    expect(await run(...args, '--check')).toMatchObject({ code: 0 })
    expect(await run(...args)).toEqual({ code: 0, printed: [`${file} is up to date`] })
  })

  it('keeps the comments of a file that is there', async () => {
    const collections = moduleOf(
      'c.mjs',
      `export const c = { name: 'c', indexes: [{ key: [['a', 1], ['b', 1]] }], fields: { a: 'number', b: 'number' } }`,
    )
    const there = '{ "collectionGroup": "x", "fieldPath": "y",   "indexes": [] } // by hand'
    const file = moduleOf(
      'firestore.indexes.json',
      `{\n  // Ours.\n  "fieldOverrides": [\n    ${there}\n  ],\n  /* */ "more": 1\n}\n`,
    )
    expect(await run('indexes', collections, '--file', file)).toMatchObject({ code: 0 })
    const text = readFileSync(file, 'utf8')
    for (const kept of ['// Ours.', '// by hand', '"y"', '/* */ "more": 1', '"_lexigram"', '"ASCENDING"'])
      expect(text).toContain(kept)
    expect(await run('indexes', collections, '--file', file, '--check')).toMatchObject({ code: 0 })
  })

  it.each(['{ "indexes": {} }', '{ "indexes": [{}] }', '{ "indexes": [null] }', '{ "fieldOverrides": [5] }', '[]'])(
    'leaves %s alone',
    async (content) => {
      const collections = moduleOf('c.mjs', `export const c = { name: 'c', indexes: [], fields: {} }`)
      const file = moduleOf('firestore.indexes.json', content)
      await expect(run('indexes', collections, '--file', file)).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
      expect(readFileSync(file, 'utf8')).toBe(content)
    },
  )

  it('leaves a file alone that it cannot read', async () => {
    const collections = moduleOf('c.mjs', `export const c = { name: 'c', indexes: [], fields: {} }`)
    const file = moduleOf('broken.json', '{ "indexes": [')
    await expect(run('indexes', collections, '--file', file)).rejects.toThrow('must be a JSON object')
    expect(readFileSync(file, 'utf8')).toBe('{ "indexes": [')
  })

  it.each([
    [['nonsense'], /task of firestore must be one of indexes/],
    [['indexes'], /no module was named/],
    [['indexes', '/no/such/module.mjs'], /cannot be loaded/],
    [['indexes', 'x.mjs', '--nope'], /--nope/],
  ])('refuses %j', async (args, message) => {
    await expect(run(...args)).rejects.toMatchObject({
      code: 'LEX_ERR_USE_001',
      message: expect.stringMatching(message) as string,
      hint: expect.any(String) as string,
    })
  })

  it('refuses a module without collections', async () => {
    await expect(run('indexes', moduleOf('none.mjs', 'export const n = 1'))).rejects.toThrow('must export a collection')
  })
})
