import { describe, it } from 'vitest'
import { describeWithFirestore, withShuffledMaps } from '../../../../test/support/firestore-emulator.ts'
import { documentStoreConformance } from '../../../testing/document-store-conformance/document-store-conformance.ts'
import { aggregation } from '../../aggregation/engine.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { firestore } from './firestore-driver.ts'

describeWithFirestore((emulator) => {
  describe('the Firestore driver', () => {
    const driver = firestore({ aggregation: aggregation(), catalogLifetime: 50, fetch: withShuffledMaps })
    documentStoreConformance(
      {
        open: (options) =>
          createDocumentStore(driver, {
            ...options,
            config: { projectId: 'conformance', emulatorHost: emulator().host },
          }),
      },
      { describe, it: (name, run) => it(name, run, 60_000) },
    )
  })
})
