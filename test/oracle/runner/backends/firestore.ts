import { aggregation } from '../../../../src/nosql/aggregation/index.ts'
import { firestore } from '../../../../src/nosql/drivers/firestore/index.ts'
import { createDocumentStore } from '../../../../src/nosql/store/document-store.ts'
import { startFirestoreEmulator } from '../../../../tools/emulators/firestore-emulator.ts'
import { atOneMoment } from '../at-one-moment.ts'
import type { Backend } from '../backend.ts'

const emulator = await startFirestoreEmulator()
const driver = firestore({ aggregation: aggregation(), catalogLifetime: 50 })
const run = crypto.randomUUID().slice(0, 8)
let cases = 0

/** A project of the emulator per case. */
export const createBackend = async (): Promise<Backend> => {
  const config = { projectId: `case-${run}-${++cases}`, emulatorHost: emulator.host }
  return atOneMoment((options) => createDocumentStore(driver, { ...options, config }))
}
