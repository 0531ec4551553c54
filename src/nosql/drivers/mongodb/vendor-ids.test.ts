import { Binary, Decimal128, MongoClient, Timestamp, UUID } from 'mongodb'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { serveMongo } from '../../../../tools/mongodb-server/serve.ts'
import type { Page } from '../../../core/repository/options.ts'
import { toSecret } from '../../../core/setting/secret.ts'
import { DocumentRepository } from '../../repository/repository.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { memory } from '../memory/memory-driver.ts'
import { afterPosition } from './reading/position.ts'
import { mongodb } from './mongodb-driver.ts'

interface Bill {
  readonly id: UUID
  readonly total: Decimal128
}
type BillDocument = { readonly _id: UUID; readonly total: Decimal128 }

class Bills extends DocumentRepository<Bill, UUID, BillDocument> {
  protected readonly collectionName = 'bills'
  protected documentToEntity = ({ _id, ...bill }: BillDocument): Bill => ({ id: _id, ...bill })
  protected entityToDocument = ({ id, ...bill }: Bill) => ({ _id: id, ...bill })
}

class Events extends DocumentRepository<{ readonly _id: Timestamp | Binary }, Timestamp | Binary> {
  protected readonly collectionName = 'events'
  protected documentToEntity = (document: object) => document as { readonly _id: Timestamp }
  protected entityToDocument = (event: object) => ({ ...event })
}

describe('a repository whose ids are UUIDs', async () => {
  const server = await serveMongo()
  const client = await MongoClient.connect(server.uri)
  const config = { uri: toSecret(server.uri) }
  const store = createDocumentStore(mongodb(), { database: 'ids', config, scans: 'allow' })
  afterAll(async () => {
    await store.disconnect()
    await client.close()
    await server.close()
  })
  const theirs = client.db('ids').collection<BillDocument>('bills')
  const bills = new Bills(store)
  const total = Decimal128.fromString('12.30')
  const [a, b, c] = [new UUID(), new UUID(), new UUID()] as const
  beforeEach(async () => {
    await theirs.deleteMany({})
    await theirs.insertMany([a, b].map((_id) => ({ _id, total })))
  })

  it('finds each of the ids of one tick', async () => {
    const found = await Promise.all([a, b, c, new UUID(a.toHexString())].map((id) => bills.find(id)))
    expect(found.map((bill) => bill?.id.toHexString())).toEqual([a, b, undefined, a].map((id) => id?.toHexString()))
  })

  it('returns values of the vendor to each call of one tick', async () => {
    const [first, second] = await Promise.all([bills.find(a), bills.find(a)])
    expect(String(first?.total)).toBe('12.30')
    expect(String(second?.total)).toBe('12.30')
    expect(second?.total).toBeInstanceOf(Decimal128)
    expect(second?.total).not.toBe(first?.total)
  })

  it('saves documents that the vendor reads as its own', async () => {
    await bills.save({ id: c, total })
    await bills.save({ id: a, total: Decimal128.fromString('1E+3') })
    expect(await theirs.findOne({ _id: c })).toEqual({ _id: c, total })
    expect(String((await theirs.findOne({ _id: a }))?.total)).toBe('1E+3')
  })

  it('deletes by an id', async () => {
    expect(await bills.delete(a)).toBeTruthy()
    expect(await theirs.find().toArray()).toEqual([{ _id: b, total }])
  })

  it('deletes by an entity', async () => {
    await bills.delete({ id: b, total })
    expect(await theirs.find().toArray()).toEqual([{ _id: a, total }])
  })

  it('deletes by several ids', async () => {
    await bills.deleteMany([a, b, c])
    expect(await theirs.find().toArray()).toEqual([])
  })

  it('is paged with nothing missed or repeated', async () => {
    await theirs.insertMany(Array.from({ length: 30 }, () => ({ _id: new UUID(), total })))
    for (const direction of [1, -1] as const) {
      const seen: string[] = []
      for (let after: string | null = null; ;) {
        const page: Page<Bill> = await bills.page({ sort: { _id: direction }, limit: 7, after })
        seen.push(...page.items.map(({ id }) => id.toHexString()))
        if (page.next === null) break
        after = page.next
      }
      expect(seen).toHaveLength(32)
      expect(seen).toEqual(direction === 1 ? seen.toSorted() : seen.toSorted().toReversed())
    }
  })

  it('distinguishes other kinds of ids', async () => {
    const ids = [new Timestamp(5n), new Timestamp(6n), new Binary(a.buffer, 3), new Binary(a.buffer, 5)]
    const events = new Events(store)
    for (const _id of ids) await events.save({ _id })
    const found = await Promise.all(ids.map((id) => events.find(id)))
    expect(found.map((event) => event?._id)).toEqual(ids)
  })

  it.each([Decimal128.fromString('1'), new Binary(new Uint8Array(2)), { _bsontype: 'Binary', buffer: 'x' }])(
    'refuses an id that has several forms: %s',
    async (id) => {
      await expect(bills.find(id as never)).rejects.toMatchObject({ reason: 'InvalidIdField' })
      await expect(bills.deleteMany([id as never])).rejects.toMatchObject({ reason: 'InvalidIdField' })
    },
  )

  it('is refused on a backend that has none', async () => {
    const others = new Bills(createDocumentStore(memory(), { scans: 'allow' }))
    await expect(others.find(a)).rejects.toMatchObject({ reason: 'BadValue' })
    await expect(others.save({ id: a, total })).rejects.toMatchObject({ reason: 'BadValue' })
    await expect(others.delete(a)).rejects.toMatchObject({ reason: 'BadValue' })
  })
})

describe('a page that ends at a value of the vendor', () => {
  it.each([
    [new UUID(), 'objectId', 'string'],
    [new Timestamp(5n), 'regex', 'date'],
  ])('continues among the classes that follow: %s', (value, follows, precedes) => {
    const filter = JSON.stringify(afterPosition([{ path: 'n', direction: 1 }], [value]))
    expect(filter).toContain(follows)
    expect(filter).not.toContain(`"${precedes}"`)
  })
})
