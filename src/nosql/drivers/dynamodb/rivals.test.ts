import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveDynamo, type DynamoServer, type Fault } from '../../../../tools/dynamodb-server/serve.ts'
import { toSecret } from '../../../core/setting/secret.ts'
import { aggregation } from '../../aggregation/engine.ts'
import type { Collection } from '../../collection/collection.ts'
import { BulkWriteError } from '../../bulk-write-error.ts'
import { createDocumentStore, type DocumentStore } from '../../store/document-store.ts'
import { dynamodb } from './dynamodb-driver.ts'

let server: DynamoServer
let fault: (operation: string) => Fault | undefined = () => undefined
beforeAll(async () => {
  server = await serveDynamo({ fault: (operation) => fault(operation) })
})
afterAll(() => server.close())

interface Counter {
  readonly _id: string
  readonly n: number
  readonly by?: readonly number[]
}

const rivals = Number(process.env['LEXIGRAM_RIVALS'] ?? 6)
let names = 0

/** As many processes as there are stores, which know nothing of each other. */
function stores(count: number): readonly DocumentStore[] {
  return Array.from({ length: count }, () =>
    createDocumentStore(dynamodb({ catalogLifetime: 20, aggregation: aggregation() }), {
      config: {
        endpointUrl: server.endpoint,
        table: 'app',
        createTables: true,
        accessKeyId: 'test',
        secretAccessKey: toSecret('test'),
      },
      scans: 'allow',
    }),
  )
}

type Write = (items: Collection<Counter>, at: number, store: DocumentStore) => Promise<unknown>

const add = (at: number) => ({ $inc: { n: 1 }, $push: { by: at } })
/** Each adds one, and itself to the list of those who did. */
const writes: Readonly<Record<string, Write>> = {
  updateOne: (items, at) => items.updateOne({ _id: 'a' }, add(at)),
  'updateOne by another field': (items, at) => items.updateOne({ n: { $gte: 0 } }, add(at)),
  'updateOne as an upsert': (items, at) => items.updateOne({ _id: 'a' }, add(at), { upsert: true }),
  updateMany: (items, at) => items.updateMany({}, add(at)),
  findOneAndUpdate: (items, at) => items.findOneAndUpdate({ _id: 'a' }, add(at)),
  bulkWrite: (items, at) => items.bulkWrite([{ updateOne: { filter: { _id: 'a' }, update: add(at) } }]),
  'a pipeline': (items, at) =>
    items.updateOne({ _id: 'a' }, [
      { $set: { n: { $add: ['$n', 1] }, by: { $concatArrays: [{ $ifNull: ['$by', []] }, [at]] } } },
    ]),
  'a transaction': (items, at, store) =>
    store.transaction(
      async (tx) => {
        const inside = tx.collection<Counter>(items.name)
        const found = await inside.findOne({ _id: 'a' })
        await inside.replaceOne({ _id: 'a' }, { n: (found?.n ?? 0) + 1, by: [...(found?.by ?? []), at] })
      },
      { attempts: 1000 },
    ),
}

const all = Array.from({ length: rivals }, (_, at) => at)
const sorted = (values: readonly number[] = []) => values.toSorted((a, b) => a - b)

function outcomeOf(error: unknown): string {
  const first = error instanceof BulkWriteError ? error.errors[0]?.error : error
  return (first as { readonly code: string }).code
}

/** The collection as four processes have it. */
async function collections(kind: string, isThere: boolean) {
  const opened = stores(4).map((store) => ({ store, items: store.collection<Counter>(`rivals${names}`) }))
  names += 1
  const [{ items }] = opened as [(typeof opened)[number]]
  if (kind === 'with an index') await items.createIndex('n')
  if (isThere) await items.insertOne({ _id: 'a', n: 0, by: [] })
  return { items, of: (at: number) => opened[at % 4]! }
}

describe.each(['without an index', 'with an index'])('rivals on one document %s', (kind) => {
  it.each(Object.entries(writes))('are all counted: %s', { timeout: 60_000 }, async (name, write) => {
    const { items, of } = await collections(kind, !name.includes('upsert'))
    await Promise.all(all.map((at) => write(of(at).items, at, of(at).store)))
    const found = await items.findOne({ _id: 'a' })
    expect(found?.n).toBe(rivals)
    expect(sorted(found?.by)).toEqual(all)
  })

  it.each(Object.entries(writes))(
    'know the outcome of writes whose answers are lost: %s',
    { timeout: 60_000 },
    async (name, write) => {
      const { items, of } = await collections(kind, !name.includes('upsert'))
      let sent = 0
      fault = (operation) => (/Write|Update|Put/.test(operation) && ++sent % 5 === 0 ? 'lose the answer' : undefined)
      const told = await Promise.all(
        all.map((at) => write(of(at).items, at, of(at).store).then(() => 'done', outcomeOf)),
      )
      fault = () => undefined
      const { n, by = [] } = (await items.findOne({ _id: 'a' })) ?? {}
      expect([n, new Set(by).size]).toEqual([by.length, by.length])
      const done = all.filter((at) => told[at] === 'done')
      expect(done.filter((at) => !by.includes(at))).toEqual([])
      expect(by.filter((at) => told[at] !== 'done' && told[at] !== 'LEX_ERR_NOSQL_014')).toEqual([])
    },
  )
})

it('writers of one unique value are refused apart from one', { timeout: 60_000 }, async () => {
  const { items, of } = await collections('', false)
  await items.createIndex('n', { unique: true })
  const codes = await Promise.all(
    all.map((at) =>
      of(at)
        .items.insertOne({ _id: `${at}`, n: 5 })
        .then(() => 'done', outcomeOf),
    ),
  )
  expect(codes.toSorted()).toEqual(all.map((at) => (at < rivals - 1 ? 'LEX_ERR_DB_005' : 'done')))
  expect(await items.countDocuments({ n: 5 })).toBe(1)
})

it('transactions over documents of others keep their sum', { timeout: 60_000 }, async () => {
  const { items, of } = await collections('', false)
  await items.insertMany([0, 1, 2].map((id) => ({ _id: `${id}`, n: 100 })))
  await Promise.all(
    all.map((at) =>
      of(at).store.transaction(
        async (tx) => {
          const inside = tx.collection<Counter>(items.name)
          const [from, to] = [`${at % 3}`, `${(at + 1) % 3}`]
          const amount = ((await inside.findOne({ _id: from }))?.n ?? 0) > 0 ? 1 : 0
          await inside.updateOne({ _id: from }, { $inc: { n: -amount }, $push: { by: at } })
          await inside.updateOne({ _id: to }, { $inc: { n: amount }, $push: { by: at } })
        },
        { attempts: 1000 },
      ),
    ),
  )
  const found = await items.find({}).toArray()
  expect(found.reduce((sum, { n }) => sum + n, 0)).toBe(300)
  expect(sorted(found.flatMap(({ by = [] }) => by))).toEqual(sorted([...all, ...all]))
})
