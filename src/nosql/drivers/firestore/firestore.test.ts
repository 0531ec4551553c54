import { afterAll, beforeAll, describe, it } from 'vitest'
import {
  findFirestoreEmulator,
  startFirestoreEmulator,
  type FirestoreEmulator,
} from '../../../../tools/emulators/firestore-emulator.ts'
import { describeWithServer } from '../../../../test/support/needs-server.ts'
import { documentStoreConformance } from '../../../testing/document-store-conformance/document-store-conformance.ts'
import { aggregation } from '../../aggregation/engine.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { firestore } from './firestore-driver.ts'

const isThere = process.env['FIRESTORE_EMULATOR_HOST'] !== undefined || findFirestoreEmulator() !== undefined

describeWithServer('the Firestore emulator', isThere, () => {
  let emulator: FirestoreEmulator
  beforeAll(async () => {
    emulator = await startFirestoreEmulator()
  }, 70_000)
  afterAll(() => emulator.stop())

  describe('the Firestore driver', () => {
    const driver = firestore({ aggregation: aggregation(), catalogLifetime: 50 })
    documentStoreConformance(
      {
        open: (options) =>
          createDocumentStore(driver, {
            ...options,
            config: { projectId: 'conformance', emulatorHost: emulator.host },
          }),
      },
      { describe, it: (name, run) => it(name, run, 60_000) },
    )
  })
})
