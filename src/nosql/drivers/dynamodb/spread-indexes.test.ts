import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { serveDynamo, type DynamoServer } from '../../../../tools/dynamodb-server/serve.ts'
import { defineCollection } from '../../contract/define-collection.ts'
import type { IndexOptions } from '../../contract/index-model.ts'
import { createDocumentStore, type DocumentStore } from '../../store/document-store.ts'
import { attributes } from './codec/codec.ts'
import { memory } from '../memory/index.ts'
import { dynamodb } from './dynamodb-driver.ts'
import type { DynamoTransport } from './transport/transport.ts'

// The server is a process of several layers, and may share its machine.
vi.setConfig({ testTimeout: 60_000 })

let server: DynamoServer
let store: DocumentStore
beforeAll(async () => {
  server = await serveDynamo()
  const driver = dynamodb({
    credentials: () => Promise.resolve({ accessKeyId: 'test', secretAccessKey: 'test' }),
    catalogLifetime: 20,
  })
  store = createDocumentStore(driver, {
    config: { endpointUrl: server.endpoint, table: 'app', createTables: true },
    scans: 'allow',
  })
})
afterAll(() => server.close())

let made = 0
const people = Array.from({ length: 60 }, (_, n) => ({
  _id: `p${n}`,
  team: ['red', 'blue', 'green'][n % 3] ?? '',
  n: (n * 7) % 20,
  tags: [`t${n % 4}`, `t${n % 5}`],
}))

/** A collection with one index and the documents above. */
async function spread(keys: Readonly<Record<string, 1 | -1>>, options: IndexOptions) {
  const spec = defineCollection(`people${made++}`, {
    fields: { team: 'string', n: 'number' },
    indexes: [{ keys, ...options }],
  })
  await store.createCollection(spec)
  const items = store.collection(spec)
  await items.insertMany(people)
  return items
}

/** The partitions in which index entries of a collection stand. */
async function parts({ name }: { readonly name: string }): Promise<readonly string[]> {
  const transport = store.native as DynamoTransport
  const found: Readonly<Record<string, { readonly S?: string }>>[] = []
  let start: unknown
  do {
    const input = { TableName: 'app', ConsistentRead: true, ...(start !== undefined && { ExclusiveStartKey: start }) }
    const answer = await transport.send('Scan', input, { signal: AbortSignal.timeout(30_000) })
    found.push(...((answer['Items'] ?? []) as typeof found))
    start = answer['LastEvaluatedKey']
  } while (start !== undefined)
  const entries = found.filter((item) => item[attributes.collection]?.S === name && item[attributes.kind]?.S === 'i')
  return [...new Set(entries.map((item) => item[attributes.pk]?.S ?? ''))]
}

const cases = [
  ['one partition', { n: 1 }, {}, 1],
  ['four shards', { n: 1 }, { shards: 4 }, 4],
  ['four shards, descending', { n: -1 }, { shards: 4 }, 4],
  ['a partition for each team', { team: 1, n: 1 }, { partition: 1 }, 3],
  ['two shards of a partition for each team', { team: 1, n: 1 }, { partition: 1, shards: 2 }, 6],
  ['four shards of an array', { tags: 1 }, { shards: 4 }, 4],
  ['a partition for each element of an array', { tags: 1, n: 1 }, { partition: 1 }, 5],
] as const

describe.each(cases)('an index kept in %s', (_name, keys, options, count) => {
  it('answers as any other', async () => {
    const items = await spread(keys, options)
    expect(await parts(items)).toHaveLength(count)
    const plain = createDocumentStore(memory(), { scans: 'allow' }).collection('plain')
    await plain.insertMany(people)
    const filters = [
      { n: { $gte: 5, $lt: 15 } },
      { team: 'red' },
      { team: 'red', n: { $gt: 3 } },
      { team: { $in: ['red', 'blue'] }, n: 7 },
      { n: { $in: [1, 2, 3] } },
      { tags: 't1' },
      { tags: { $in: ['t1', 't4'] }, n: { $lt: 9 } },
      { tags: { $gt: 't2' } },
    ]
    for (const filter of filters) {
      expect(await items.countDocuments(filter), JSON.stringify(filter)).toBe(await plain.countDocuments(filter))
      for (const sort of [{ n: 1 }, { n: -1 }, { n: 1, _id: -1 }, { team: 1, n: 1 }, { _id: 1 }] as const) {
        const asked = { sort, skip: 2, limit: 7 }
        const found = await items.find(filter, asked).toArray()
        expect(found, JSON.stringify({ filter, sort })).toEqual(await plain.find(filter, asked).toArray())
      }
    }
  })

  it('leaves nothing when it is dropped', async () => {
    const items = await spread(keys, options)
    await items.updateMany({ team: 'red' }, { $set: { team: 'violet', n: 3, tags: ['new'] } })
    await items.deleteMany({ team: 'blue' })
    expect(await items.countDocuments({ team: 'violet', n: 3 })).toBe(20)
    expect(await items.countDocuments({ tags: 'new' })).toBe(20)
    expect(await items.countDocuments({ n: { $gte: 0 } })).toBe(40)
    const [index] = (await items.listIndexes()).filter(({ name }) => name !== '_id_')
    expect(index).toMatchObject(options)
    await items.dropIndex(index?.name ?? '')
    expect(await parts(items)).toEqual([])
  })
})

it('asks each shard once for a page, in as many requests as explain says', async () => {
  const items = await spread({ n: 1 }, { shards: 4 })
  const { estimatedRequests, native } = await items.explain({ n: { $gt: 2 } }, { sort: { n: 1 }, limit: 3 })
  expect({ estimatedRequests, native }).toEqual({ estimatedRequests: 4, native: { index: 'n_1', shards: 4 } })
  const before = server.requests.get('Query') ?? 0
  await items.find({ n: { $gt: 2 } }, { sort: { n: 1 }, limit: 3 }).toArray()
  expect((server.requests.get('Query') ?? 0) - before).toBe(4)
})

it('does not use a partitioned index without values for its partition', async () => {
  const items = await spread({ team: 1, n: 1 }, { partition: 1 })
  expect(await items.explain({ team: { $gt: 'blue' } })).toMatchObject({ scan: true })
  expect(await items.explain({ team: 'blue' })).toMatchObject({ scan: false, index: 'team_1_n_1' })
})
