import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Fetch } from '../../src/nosql/drivers/firestore/auth/tokens.ts'
import { firestore } from '../../src/nosql/drivers/firestore/firestore-driver.ts'
import { createDocumentStore, type DocumentStore } from '../../src/nosql/store/document-store.ts'
import { randomFrom, runCampaign } from '../support/fault-campaign.ts'
import { faults, startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts'
import { describeWithFirestore } from '../support/firestore-emulator.ts'
import { countLedger, truthful } from './ledger-count.ts'
import { operations, runOperation } from './operations.ts'

/** With `LEXIGRAM_CAMPAIGN=10000` as many operations as one likes, for a longer look. */
const size = Number(process.env['LEXIGRAM_CAMPAIGN'] ?? 200)
const seed = Number(process.env['LEXIGRAM_SEED'] ?? 20_261_128)
/** Requests for which a token is good. */
const usesOfToken = 40

const refusal = (code: number, status: string): Response => Response.json({ error: { code, status } }, { status: code })

describeWithFirestore((emulator) => {
  describe('what callers of documents are told while Firestore is contended and the network fails', () => {
    let proxy: FaultProxy
    beforeEach(async () => {
      const { hostname, port } = new URL(`http://${emulator().host}`)
      proxy = await startFaultProxy({ target: { host: hostname, port: Number(port) } })
    })
    afterEach(() => proxy[Symbol.asyncDispose]())

    it('is so', { timeout: 60_000 + size * 100 }, async () => {
      const random = randomFrom(seed)
      let isFaulty = false
      let tokens = 0
      let used = 0
      /** A third of the commits is aborted, quotas run out, and the token ends every now and then. */
      const contended: Fetch = async (url, init) => {
        const headers = new Headers(init?.headers)
        if (headers.get('authorization') !== `Bearer token-${tokens}` || ++used > usesOfToken)
          return refusal(401, 'UNAUTHENTICATED')
        if (isFaulty && url.endsWith(':commit') && random() < 0.3) return refusal(409, 'ABORTED')
        if (isFaulty && random() < 0.05) return refusal(429, 'RESOURCE_EXHAUSTED')
        if (isFaulty && random() < 0.05) return refusal(503, 'UNAVAILABLE')
        headers.set('authorization', 'Bearer owner')
        return fetch(url, { ...init, headers })
      }
      const token = async () => {
        used = 0
        return { token: `token-${++tokens}`, expiresAt: Date.now() + 3_600_000 }
      }
      const projectId = `campaign-${crypto.randomUUID().slice(0, 8)}`
      const storeOn = (emulatorHost: string, options: Parameters<typeof firestore>[0]): DocumentStore =>
        createDocumentStore(firestore(options), { config: { projectId, emulatorHost }, scans: 'allow' })
      await using direct = storeOn(emulator().host, {})
      await using store = storeOn(`127.0.0.1:${proxy.port}`, { fetch: contended, token })
      await direct.collection('ledger').insertOne({ key: 'first', n: 0 })
      await store.collection('ledger').findOne({ _id: 'x' })
      isFaulty = true
      const report = await runCampaign({
        proxy,
        operations,
        spoiled: Object.values(faults).filter(({ answer }) => answer !== 'nothing'),
        run: (run) => runOperation(store, run),
        count: () => countLedger(direct),
        size,
        seed,
        limitMs: 30_000,
      })
      expect(report).toMatchObject(truthful)
      expect(report.outcomes).toMatchObject({ done: expect.any(Number) })
      expect(tokens).toBeGreaterThan(2)
    })
  })
})
