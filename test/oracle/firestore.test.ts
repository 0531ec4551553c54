import { afterAll, beforeAll, describe } from 'vitest'
import { hasFirestoreEmulator, startFirestoreEmulator } from '../../tools/emulators/firestore-emulator.ts'
import { judgeLane } from './judge-lane.ts'

const folder = process.env['LEXIGRAM_ORACLE']

describe.skipIf(folder === undefined || !hasFirestoreEmulator())(
  'recorded MongoDB answers over Firestore’s emulator',
  () => {
    let stop = async (): Promise<void> => {}
    beforeAll(async () => {
      const emulator = await startFirestoreEmulator()
      // The thread that runs the cases finds it there, also when it is started again after one that hangs.
      process.env['FIRESTORE_EMULATOR_HOST'] = emulator.host
      stop = () => emulator.stop()
    }, 70_000)
    afterAll(() => stop())
    judgeLane('Firestore', 'firestore', folder ?? '')
  },
)
