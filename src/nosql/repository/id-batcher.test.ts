import { describe, expect, it } from 'vitest'
import { interceptDriver } from '../../testing/intercept-driver.ts'
import { createDocumentStore } from '../store/document-store.ts'
import { memory } from '../drivers/memory/memory-driver.ts'
import type { Document } from '../query/value.ts'
import { DocumentRepository } from './repository.ts'

class Items extends DocumentRepository<Document, string | number | bigint> {
  protected readonly collectionName = 'items'

  protected documentToEntity(document: Document): Document {
    return document
  }

  protected entityToDocument(entity: Document): Document {
    return entity
  }
}

async function setUp() {
  let queries = 0
  let failure: Error | undefined
  const driver = interceptDriver(memory(), ({ operation }) => {
    if (operation !== 'plan') return
    queries++
    if (failure !== undefined) throw failure
  })
  const store = createDocumentStore(driver)
  await store.collection('items').insertMany(Array.from({ length: 1500 }, (_, n) => ({ _id: `i${n}`, n })))
  await store.collection('items').insertOne({ _id: 7, n: -7 })
  const count = () => {
    const seen = queries
    queries = 0
    return seen
  }
  return { items: new Items(store), count, fail: (error?: Error) => (failure = error) }
}

describe('finding by id in one tick', () => {
  it('is one query for many ids, each asked for once', async () => {
    const { items, count } = await setUp()
    count()
    const wanted = ['i3', 'i1', 'nobody', 'i3', 'i2']
    const found = await Promise.all(wanted.map((id) => items.find(id)))
    expect(count()).toBe(1)
    expect(found.map((item) => item?.['n'])).toEqual([3, 1, undefined, 3, 2])
  })

  it('is shared by find, get and callers that awaited something settled first', async () => {
    const { items, count } = await setUp()
    count()
    const late = async (id: string) => {
      await Promise.resolve()
      return items.find(id)
    }
    const [one, two, three] = await Promise.all([items.get('i1'), items.find('i2'), late('i3')])
    expect(count()).toBe(1)
    expect([one.ok, two?.['n'], three?.['n']]).toEqual([true, 2, 3])
  })

  it('is another query in another tick: nothing is kept', async () => {
    const { items, count } = await setUp()
    count()
    await items.find('i1')
    await items.find('i1')
    expect(count()).toBe(2)
  })

  it('takes a number and the same bigint for one id', async () => {
    const { items, count } = await setUp()
    count()
    const found = await Promise.all([items.find(7), items.find(7n), items.find('7')])
    expect(count()).toBe(1)
    expect(found.map((item) => item?.['n'])).toEqual([-7, -7, undefined])
  })

  it('takes them for one also beyond the whole numbers that are exact', async () => {
    const { items } = await setUp()
    await items.save({ _id: 2n ** 62n, n: 62 })
    await items.save({ _id: 2 ** 60, n: 60 })
    const found = await Promise.all(
      [2 ** 62, 2n ** 62n, 2 ** 60, 2n ** 60n, 2n ** 60n + 1n].map((id) => items.find(id)),
    )
    expect(found.map((item) => item?.['n'])).toEqual([62, 62, 60, 60, undefined])
    expect((await items.saveMany([{ _id: 2 ** 62, n: 63 }])).map((item) => item['n'])).toEqual([63])
  })

  it('is split above a thousand ids', async () => {
    const { items, count } = await setUp()
    count()
    const found = await Promise.all(Array.from({ length: 1500 }, (_, n) => items.find(`i${n}`)))
    expect(count()).toBe(2)
    expect(found.every((item, n) => item?.['n'] === n)).toBe(true)
  })

  it('fails only for those that share it', async () => {
    const { items, fail } = await setUp()
    fail(new Error('gone'))
    const outcomes = await Promise.allSettled(['i1', 'i2', 'i1'].map((id) => items.find(id)))
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    fail()
    expect((await items.find('i1'))?.['n']).toBe(1)
  })
})
