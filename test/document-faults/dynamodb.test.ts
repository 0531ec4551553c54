import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { toSecret } from '../../src/core/setting/secret.ts'
import { dynamodb } from '../../src/nosql/drivers/dynamodb/dynamodb-driver.ts'
import { createDocumentStore, type DocumentStore } from '../../src/nosql/store/document-store.ts'
import { serveDynamo, type DynamoServer, type Fault } from '../../tools/dynamodb-server/serve.ts'
import { randomFrom, runCampaign } from '../support/fault-campaign.ts'
import { faults, startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts'
import { countLedger, truthful } from './ledger-count.ts'
import { operations, runOperation } from './operations.ts'

/** With `LEXIGRAM_CAMPAIGN=10000` as many operations as one likes, for a longer look. */
const size = Number(process.env['LEXIGRAM_CAMPAIGN'] ?? 300)
const seed = Number(process.env['LEXIGRAM_SEED'] ?? 20_261_128)

describe('what callers of documents are told while DynamoDB throttles and the network fails', () => {
  let server: DynamoServer
  let proxy: FaultProxy
  let fault: (operation: string) => Fault | undefined = () => undefined
  const storeOn = (endpointUrl: string): DocumentStore =>
    createDocumentStore(dynamodb({ catalogLifetime: 300 }), {
      config: { endpointUrl, table: 'app', createTables: true, accessKeyId: 'k', secretAccessKey: toSecret('test') },
      scans: 'allow',
    })
  beforeEach(async () => {
    fault = () => undefined
    server = await serveDynamo({ fault: (operation) => fault(operation) })
    proxy = await startFaultProxy({ target: { host: '127.0.0.1', port: Number(new URL(server.endpoint).port) } })
  })
  afterEach(async () => {
    await proxy[Symbol.asyncDispose]()
    await server.close()
  })

  const indexes = [
    ['no index', () => Promise.resolve('')],
    ['an index', (store: DocumentStore) => store.collection('ledger').createIndex('key')],
  ] as const
  it.each(indexes)('is so, with %s', { timeout: 60_000 + size * 100 }, async (_name, prepare) => {
    await using direct = storeOn(server.endpoint)
    await using store = storeOn(`http://127.0.0.1:${proxy.port}`)
    await direct.collection('ledger').insertOne({ key: 'first', n: 0 })
    await prepare(direct)
    await store.collection('ledger').findOne({ _id: 'x' })
    const random = randomFrom(seed)
    fault = (operation) => {
      if (operation.startsWith('Batch') && random() < 0.5) return 'unprocessed'
      if (operation === 'TransactWriteItems' && random() < 0.1) return 'lose the answer'
      return random() < 0.3 ? 'throttle' : undefined
    }
    const report = await runCampaign({
      proxy,
      operations,
      spoiled: Object.values(faults).filter(({ answer }) => answer !== 'nothing'),
      run: (run) => runOperation(store, run),
      count: () => {
        fault = () => undefined
        return countLedger(direct)
      },
      size,
      seed,
      limitMs: 30_000,
    })
    expect(report).toMatchObject(truthful)
    expect(report.outcomes).toMatchObject({ done: expect.any(Number) })
  })

  it('a client that dies before it has committed delays no other', async () => {
    await using store = storeOn(server.endpoint)
    const items = store.collection('items')
    await items.createIndex('email', { unique: true })
    await items.insertOne({ _id: 1, n: 0 })
    const dying = new AbortController()
    const dead = store.transaction(
      async (tx) => {
        await tx.collection('items').updateOne({ _id: 1 }, { $inc: { n: 1 } })
        await tx.collection('items').insertOne({ email: 'a' })
        dying.abort()
      },
      { signal: dying.signal },
    )
    await expect(dead).rejects.toThrow('aborted')
    await items.insertOne({ email: 'a' })
    await items.updateOne({ _id: 1 }, { $inc: { n: 1 } })
    expect(await items.findOne({ _id: 1 })).toEqual({ _id: 1, n: 1 })
    // A lock and its document are one request: there is no moment between them.
    fault = (operation) => (operation === 'TransactWriteItems' ? 'reset' : undefined)
    const lost = await items.insertOne({ email: 'b' }, { deadline: Date.now() + 300 }).then(
      () => 'done',
      (error: { code?: string }) => error.code,
    )
    expect(lost).toMatch(/NOSQL_(?:002|014)/)
    fault = () => undefined
    // The last attempt may reach the server now, if its end is unknown.
    await items.insertOne({ email: 'b' }).catch((error: { code?: string }) => {
      expect([lost, error.code]).toEqual(['LEX_ERR_NOSQL_014', 'LEX_ERR_DB_005'])
    })
    expect(await items.countDocuments({ email: 'b' })).toBe(1)
  })
})
