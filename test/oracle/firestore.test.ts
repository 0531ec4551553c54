import { afterAll, beforeAll, describe } from 'vitest'
import { findFirestoreEmulator, startFirestoreEmulator } from '../../tools/emulators/firestore-emulator.ts'
import { judgeLane } from './judge-lane.ts'

const folder = process.env['LEXIGRAM_ORACLE']
const noEmulator = process.env['FIRESTORE_EMULATOR_HOST'] === undefined && findFirestoreEmulator() === undefined

describe.skipIf(folder === undefined || noEmulator)('recorded MongoDB answers over Firestore’s emulator', () => {
  let stop = async (): Promise<void> => {}
  beforeAll(async () => {
    const emulator = await startFirestoreEmulator()
    // The thread that runs the cases finds it there, also when it is started again after one that hangs.
    process.env['FIRESTORE_EMULATOR_HOST'] = emulator.host
    stop = () => emulator.stop()
  }, 70_000)
  afterAll(() => stop())
  judgeLane('Firestore', 'firestore', folder ?? '')
})
