import { DBRef, Decimal128, MinKey, ObjectId } from 'mongodb'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { serveMongo } from '../../../../tools/mongodb-server/serve.ts'
import type { Command } from '../../../../tools/mongodb-server/wire.ts'
import { toSecret } from '../../../core/setting/secret.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { afterPosition } from './reading/position.ts'
import { mongodb } from './mongodb-driver.ts'

describe('pages of documents that another program has written', async () => {
  /** What a server would answer: the embedded engine cannot hold such values. */
  let answer: readonly Readonly<Record<string, unknown>>[] = []
  let sent: Command[] = []
  const server = await serveMongo({
    failureOf: (command) => {
      if (!('find' in command)) return undefined
      sent.push(command)
      return { reply: { cursor: { id: 0n, ns: 'pages.items', firstBatch: answer }, ok: 1 } }
    },
  })
  const config = { uri: toSecret(server.uri) }
  const store = createDocumentStore(mongodb(), { database: 'pages', config, scans: 'allow' })
  afterAll(async () => {
    await store.disconnect()
    await server.close()
  })
  beforeEach(() => {
    sent = []
  })
  const page = (options: { readonly after?: string | null; readonly direction?: 1 | -1 } = {}) =>
    store
      .collection('items')
      .findPage({}, { sort: { n: options.direction ?? 1 }, limit: 2, after: options.after ?? null })
  const withIds = (values: readonly unknown[]) => values.map((n, _id) => ({ _id, n }))

  it.each([
    Decimal128.fromString('1.5'),
    new MinKey(),
    new DBRef('a', new ObjectId()),
    { inner: Decimal128.fromString('1') },
  ])('are refused where they end at a value that a cursor cannot hold: %s', async (value) => {
    answer = withIds([value, value, value])
    await expect(page()).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_009' })
  })

  it('are refused where they are sorted by a field of a reference', async () => {
    const owner = new DBRef('users', new ObjectId(), undefined, { x: 1 })
    answer = [1, 2, 3].map((_id) => ({ _id, owner }))
    const page = store.collection('items').findPage({}, { sort: { 'owner.x': 1 }, limit: 2 })
    await expect(page).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_009' })
  })

  it('are refused where such a value follows, whose place this package does not know', async () => {
    answer = withIds([9, 8, 7])
    const first = await page({ direction: -1 })
    answer = [{ _id: 3, n: Decimal128.fromString('1.5') }]
    await expect(page({ direction: -1, after: first.next })).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_009' })
  })

  it.each([
    ['NaN', Number.NaN],
    ['Infinity', Infinity],
    ['-Infinity', -Infinity],
  ])('go on after %s', async (_name, value) => {
    answer = withIds([value, value, value, value])
    const first = await page()
    expect(first.items.map(({ _id }) => _id)).toEqual([0, 1])
    const second = await page({ after: first.next })
    expect(second.items.map(({ _id }) => _id)).toEqual([2, 3])
    expect(second.next).toBeNull()
  })

  it('ask for the values that only another program writes', () => {
    const sort = (direction: 1 | -1) => [{ path: 'n', direction }] as const
    const text = (direction: 1 | -1, value: number | null) => JSON.stringify(afterPosition(sort(direction), [value]))
    for (const type of ['maxKey', 'javascript', 'dbPointer']) expect(text(1, 5)).toContain(type)
    for (const value of [5, null]) expect(text(-1, value)).toContain('minKey')
    expect(text(1, null)).toContain('maxKey')
    // A range of numbers has no NaN, which stands before all of them.
    expect(afterPosition(sort(-1), [5])).toEqual({
      $or: [{ $or: expect.arrayContaining([{ n: { $eq: Number.NaN } }]) }],
    })
    expect(text(1, Number.NaN)).toContain('"number"')
  })
})
