import { afterAll, beforeAll, describe, it } from 'vitest'
import { describeWithFirestore, withShuffledMaps } from '../../../../test/support/firestore-emulator.ts'
import { httpAnswer, startSpoiledWire, type SpoiledWire } from '../../../../test/support/spoiled-wire.ts'
import { documentStoreConformance } from '../../../testing/document-store-conformance/document-store-conformance.ts'
import { aggregation } from '../../aggregation/engine.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { firestore } from './firestore-driver.ts'

describeWithFirestore((emulator) => {
  describe('the Firestore driver', () => {
    let wire: SpoiledWire
    beforeAll(async () => {
      const error = { code: 403, status: 'PERMISSION_DENIED', message: 'no permission' }
      const refusal = httpAnswer('403 Forbidden', { error })
      const { port } = new URL(`http://${emulator().host}`)
      wire = await startSpoiledWire({ port: Number(port), refusalOf: () => refusal })
    })
    afterAll(async () => wire[Symbol.asyncDispose]())
    const driver = firestore({ aggregation: aggregation(), catalogLifetime: 50, fetch: withShuffledMaps })
    const steady = firestore({ catalogLifetime: 600_000 })
    const config = (emulatorHost: string) => ({ projectId: 'conformance', emulatorHost })
    documentStoreConformance(
      {
        open: (options) => createDocumentStore(driver, { ...options, config: config(emulator().host) }),
        openSteady: (options) => createDocumentStore(steady, { ...options, config: config(`127.0.0.1:${wire.port}`) }),
        // A transform or a deletion without a read would not answer as MongoDB does.
        requests: { sent: () => wire.sent(), expected: { updateOne: 2, deleteOne: 2 } },
        faults: { inject: (...fault) => wire.faults.inject(...fault), open: () => wire.faults.open() },
      },
      { describe, it: (name, run) => it(name, run, 60_000) },
    )
  })
})
