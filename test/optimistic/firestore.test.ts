import { afterAll, beforeAll } from 'vitest'
import { firestore } from '../../src/nosql/drivers/firestore/firestore-driver.ts'
import {
  hasFirestoreEmulator,
  startFirestoreEmulator,
  type FirestoreEmulator,
} from '../../tools/emulators/firestore-emulator.ts'
import { describeWithServer } from '../support/needs-server.ts'
import { campaignOf } from './campaign.ts'
import { indexesOf } from './indexes.ts'
import type { Lane } from './lane.ts'
import { transactionsOf } from './transactions.ts'

describeWithServer('the Firestore emulator', hasFirestoreEmulator(), () => {
  let emulator: FirestoreEmulator
  beforeAll(async () => {
    emulator = await startFirestoreEmulator()
  }, 70_000)
  afterAll(() => emulator.stop())

  const lane = (): Lane => {
    const { hostname, port: emulatorPort } = new URL(`http://${emulator.host}`)
    return {
      target: { host: hostname, port: Number(emulatorPort) },
      open: (port, catalogLifetime) => ({
        driver: firestore({ catalogLifetime }),
        config: { projectId: 'optimistic', emulatorHost: `127.0.0.1:${port}` },
      }),
      operationOf: (head) => /^POST \S+:(\w+) /.exec(head)?.[1] ?? 'unknown',
      get: 'batchGet',
      commit: 'commit',
      scan: 'runQuery',
      hasToken: false,
      // A document and its lock.
      tooManyWrites: 251,
      documentBytes: 1_000_000,
      tooManyDocuments: 11,
    }
  }

  campaignOf(lane)
  transactionsOf(lane)
  indexesOf(lane)
})
