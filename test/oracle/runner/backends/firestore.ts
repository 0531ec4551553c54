import { aggregation } from '../../../../src/nosql/aggregation/index.ts'
import { firestore } from '../../../../src/nosql/drivers/firestore/index.ts'
import { createDocumentStore } from '../../../../src/nosql/store/document-store.ts'
import type { Backend } from '../backend.ts'
import { storeBackend } from './store-backend.ts'

let cases = 0

/** A project of the emulator for each case: `FIRESTORE_EMULATOR_HOST` says where it is. */
export const createBackend = async (): Promise<Backend> => {
  const emulatorHost = process.env['FIRESTORE_EMULATOR_HOST']
  if (emulatorHost === undefined) throw new Error('Set FIRESTORE_EMULATOR_HOST to the host and port of the emulator')
  const config = { projectId: `oracle-${process.pid}-${Date.now()}-${cases++}`, emulatorHost }
  return storeBackend(createDocumentStore(firestore({ aggregation: aggregation() }), { config, work: 'allow' }))
}
