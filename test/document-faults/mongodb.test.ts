import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { toSecret } from '../../src/core/setting/secret.ts'
import { mongodb } from '../../src/nosql/drivers/mongodb/mongodb-driver.ts'
import { createDocumentStore, type DocumentStore } from '../../src/nosql/store/document-store.ts'
import { serveMongo, type MongoServer } from '../../tools/mongodb-server/serve.ts'
import { runCampaign } from '../support/fault-campaign.ts'
import { faults, startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts'
import { countLedger, truthful } from './ledger-count.ts'
import { operations, runOperation } from './operations.ts'

/** With `LEXIGRAM_CAMPAIGN=10000` as many operations as one likes, for a longer look. */
const size = Number(process.env['LEXIGRAM_CAMPAIGN'] ?? 300)
const seed = Number(process.env['LEXIGRAM_SEED'] ?? 20_261_128)
const limitMs = 20_000

/** Short, so that a hang costs little. */
const options = 'serverSelectionTimeoutMS=1500&connectTimeoutMS=300&socketTimeoutMS=300&heartbeatFrequencyMS=500'

describe('what callers of documents are told while the network fails, on MongoDB', () => {
  let server: MongoServer
  let proxy: FaultProxy
  let store: DocumentStore
  beforeEach(async () => {
    server = await serveMongo()
    proxy = await startFaultProxy({ target: { host: '127.0.0.1', port: server.port } })
    const uri = `mongodb://127.0.0.1:${proxy.port}/?directConnection=true&${options}`
    store = createDocumentStore(mongodb(), { database: 'app', config: { uri: toSecret(uri) }, scans: 'allow' })
    await store.collection('ledger').insertOne({ key: 'first', n: 0 })
  })
  afterEach(async () => {
    await store.disconnect()
    await proxy[Symbol.asyncDispose]()
    await server.close()
  })

  const count = async (): Promise<ReadonlyMap<string, number>> => {
    await using direct = createDocumentStore(mongodb(), {
      database: 'app',
      config: { uri: toSecret(server.uri) },
      scans: 'allow',
    })
    return await countLedger(direct)
  }

  it('is so with every socket closed afterwards', { timeout: 60_000 + size * 100 }, async () => {
    const report = await runCampaign({
      proxy,
      operations,
      spoiled: [faults.resetBefore, faults.resetAfter, faults.hang, faults.halfOpen, faults.truncated, faults.garbage],
      run: (run) => runOperation(store, run),
      count,
      size,
      seed,
      limitMs,
    })
    expect(report).toMatchObject(truthful)
    expect(report.outcomes).toMatchObject({
      done: expect.any(Number),
      'not done': expect.any(Number),
      unknown: expect.any(Number),
    })
    await store.disconnect()
    await expect.poll(() => server.open().sockets).toBe(0)
    expect(proxy.openConnections).toEqual([])
  })
})
