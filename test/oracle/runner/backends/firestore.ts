import { aggregation } from '../../../../src/nosql/aggregation/index.ts'
import { firestore } from '../../../../src/nosql/drivers/firestore/index.ts'
import { createDocumentStore } from '../../../../src/nosql/store/document-store.ts'
import type { Backend } from '../backend.ts'
import { storeBackend } from './store-backend.ts'

let cases = 0

/**
 * A project of the emulator for each case: `FIRESTORE_EMULATOR_HOST` says where it is. Each command has one `$$NOW`, later
 * than the last.
 */
export const createBackend = async (): Promise<Backend> => {
  const emulatorHost = process.env['FIRESTORE_EMULATOR_HOST']
  if (emulatorHost === undefined) throw new Error('Set FIRESTORE_EMULATOR_HOST to the host and port of the emulator')
  const config = { projectId: `oracle-${process.pid}-${Date.now()}-${cases++}`, emulatorHost }
  let now = 0
  const driver = firestore({ aggregation: aggregation() })
  const backend = storeBackend(createDocumentStore(driver, { config, work: 'allow', clock: () => now }))
  return {
    command(command) {
      now = Math.max(Date.now(), now + 1)
      return backend.command(command)
    },
  }
}
