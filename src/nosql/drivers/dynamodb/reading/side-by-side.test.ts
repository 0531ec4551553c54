/** Reads that are several queries: what they send, in which order, and how they end. */

import { beforeAll, describe, expect, it, vi } from 'vitest'
import { serveDynamo, type DynamoServer, type Fault } from '../../../../../tools/dynamodb-server/serve.ts'
import { failure, type Answer } from '../../../../../tools/dynamodb-server/transactions.ts'
import { defineCollection } from '../../../contract/define-collection.ts'
import { createDocumentStore, type DocumentStore } from '../../../store/document-store.ts'
import { dynamodb } from '../dynamodb-driver.ts'

// The server is a process of several layers, and may share its machine.
vi.setConfig({ testTimeout: 60_000 })

interface Player {
  readonly _id: number
  readonly team: string
  readonly n: number
  readonly level: number
}
const spec = defineCollection<Player>('players', {
  fields: { team: 'string', n: 'number', level: 'number' },
  indexes: [{ keys: { team: 1, n: 1 } }, { keys: 'n' }, { keys: 'level', shards: 3 }],
})
const teams = ['red', 'blue', 'green']
const documents = Array.from({ length: 60 }, (_, n) => ({ _id: n, team: teams[n % 3] ?? '', n, level: n % 4 }))

let server: DynamoServer
let store: DocumentStore
let fault: (operation: string) => Fault | Answer | undefined = () => undefined
let running = 0
let most = 0
let sent: Record<string, number> = {}
beforeAll(async () => {
  server = await serveDynamo({ fault: (operation) => fault(operation) })
  const driver = dynamodb({
    credentials: () => Promise.resolve({ accessKeyId: 'test', secretAccessKey: 'test' }),
    catalogLifetime: 600_000,
    async fetch(input, init) {
      const operation = new Headers(init?.headers).get('x-amz-target')?.split('.')[1] ?? ''
      sent[operation] = (sent[operation] ?? 0) + 1
      most = Math.max(most, ++running)
      return fetch(input, init).finally(() => running--)
    },
  })
  store = createDocumentStore(driver, {
    config: { endpointUrl: server.endpoint, table: 'app', createTables: true },
    scans: 'deny',
  })
  await store.createCollection(spec)
  await store.collection(spec).insertMany(documents)
  return () => server.close()
}, 60_000)

const players = () => store.collection(spec)
const upTo = (count: number, from = 0) => Array.from({ length: count }, (_, at) => from + at)
const idsOf = async (work: { toArray(): Promise<readonly { readonly _id: number }[]> }) =>
  (await work.toArray()).map(({ _id }) => _id)

/** How many requests were sent, and how many of them at a time. */
async function cost(work: () => Promise<unknown>) {
  most = 0
  sent = {}
  await work()
  return { ...sent, most }
}

describe('many values of an index', () => {
  it('are asked for eight at a time', async () => {
    expect(
      await cost(() =>
        players()
          .find({ n: { $in: upTo(20) } })
          .toArray(),
      ),
    ).toEqual({ Query: 20, most: 8 })
  })

  it('are counted eight at a time', async () => {
    expect(await cost(() => players().countDocuments({ n: { $in: upTo(20) } }))).toEqual({ Query: 20, most: 8 })
  })

  it('come in the order of the values', async () => {
    expect(await idsOf(players().find({ n: { $in: [7, 3, 5, 1] } }))).toEqual([1, 3, 5, 7])
  })

  it.each([
    ['at once', 0, 1],
    ['at the second', -1, 3],
    ['at the fifth', -4, 7],
    ['at the tenth', -9, 15],
  ])('end with the first that is found %s', async (_when, from, Query) => {
    expect(await cost(() => players().findOne({ n: { $in: upTo(20, from) } }))).toMatchObject({ Query })
  })

  it('send nothing in vain under a budget of requests', async () => {
    const find = () => players().findOne({ n: { $in: upTo(20, -4) } }, { budget: { maxRequests: 5 } })
    expect(await cost(find)).toEqual({ Query: 5, most: 1 })
  })
})

describe('values with an order', () => {
  it('are merged as far as the limit needs', async () => {
    const find = () =>
      players().find({ team: { $in: ['red', 'blue'] } }, { sort: { n: 1 }, limit: 5, budget: { maxDocuments: 10 } })
    expect(await idsOf(find())).toEqual([0, 1, 3, 4, 6])
    expect(await cost(() => find().toArray())).toMatchObject({ Query: 2 })
  })

  it('are read backwards, one entry more than the limit', async () => {
    const find = () => players().find({ team: 'red' }, { sort: { n: -1 }, limit: 5, budget: { maxDocuments: 6 } })
    expect(await idsOf(find())).toEqual([57, 54, 51, 48, 45])
    expect(await cost(() => find().toArray())).toMatchObject({ Query: 1 })
  })

  it('have their ties by ascending _id when they are read backwards', async () => {
    expect(await idsOf(players().find({}, { sort: { level: -1 }, limit: 4 }))).toEqual([3, 7, 11, 15])
  })

  it.each([{ n: 1 }, { n: -1 }] as const)('cost on each page what they cost on the first, by %o', async (sort) => {
    let after: string | null = null
    const found: number[] = []
    do {
      const page: { items: readonly { _id: number }[]; next: string | null } = await players().findPage(
        { team: { $in: ['red', 'green'] } },
        { sort, limit: 8, after, budget: { maxDocuments: 22, maxRequests: 2 } },
      )
      found.push(...page.items.map(({ _id }) => _id))
      after = page.next
    } while (after !== null)
    const all = documents.filter(({ team }) => team !== 'blue').map(({ _id }) => _id)
    expect(found).toEqual(sort.n === 1 ? all : all.toReversed())
  })
})

describe('the branches of an or', () => {
  const either = { $or: [{ team: 'red', n: { $lt: 10 } }, { n: { $gte: 55 } }, { _id: { $in: [57, 1] } }] }

  it('are a query each in place of a scan', async () => {
    expect(await players().explain(either)).toMatchObject({ scan: false, estimatedRequests: 3 })
    expect(await cost(() => players().find(either).toArray())).toMatchObject({ Query: 2, BatchGetItem: 1 })
  })

  it('have each document once', async () => {
    const found = await idsOf(players().find(either))
    expect(found.toSorted((a, b) => a - b)).toEqual([0, 1, 3, 6, 9, 55, 56, 57, 58, 59])
  })

  it('are merged where each has the order', async () => {
    const filter = {
      $or: [
        { team: 'red', n: { $lt: 10 } },
        { team: 'blue', n: { $lt: 10 } },
      ],
    }
    const find = () => players().find(filter, { sort: { n: 1 }, limit: 3, budget: { maxDocuments: 6 } })
    expect(await idsOf(find())).toEqual([0, 1, 3])
    expect(await players().explain(filter, { sort: { n: 1 } })).toMatchObject({ sort: 'index' })
  })
})

describe('keys in any order, some of them left out', () => {
  it('are answered in the order that is asked for', async () => {
    let odd = false
    fault = (operation) => (operation === 'BatchGetItem' && (odd = !odd) ? 'unprocessed' : undefined)
    try {
      expect(await idsOf(players().find({ _id: { $in: [9, 2, 30, 4] } }, { sort: { _id: 1 } }))).toEqual([2, 4, 9, 30])
    } finally {
      fault = () => undefined
    }
  })
})

describe('a read of which one request fails', () => {
  it('sends nothing more', async () => {
    let queries = 0
    fault = (operation) => (operation === 'Query' && ++queries === 3 ? failure('AccessDeniedException', '') : undefined)
    try {
      const outcome = players()
        .find({ n: { $in: upTo(60) } })
        .toArray()
      await expect(outcome).rejects.toMatchObject({
        code: 'LEX_ERR_NOSQL_002',
        message: expect.stringContaining('AccessDenied') as string,
      })
      expect(queries).toBeLessThanOrEqual(16)
    } finally {
      fault = () => undefined
    }
  })

  it('ends all of them when the caller aborts', async () => {
    const controller = new AbortController()
    fault = () => {
      controller.abort(new Error('the caller has left'))
      return undefined
    }
    try {
      const outcome = players()
        .find({ n: { $in: upTo(60) } }, { signal: controller.signal })
        .toArray()
      await expect(outcome).rejects.toThrow('the caller has left')
      expect(running).toBe(0)
    } finally {
      fault = () => undefined
    }
  })

  it('goes on after throttling of each third', async () => {
    let requests = 0
    fault = () => (++requests % 3 === 0 ? 'throttle' : undefined)
    try {
      expect(await idsOf(players().find({ n: { $in: upTo(30) } }))).toEqual(upTo(30))
    } finally {
      fault = () => undefined
    }
  })
})
