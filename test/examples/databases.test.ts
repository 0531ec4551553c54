import { findFirestoreEmulator } from '../../tools/emulators/firestore-emulator.ts'
import { findLambdaTools } from '../../tools/packages/lambda-tools.ts'
import { describeExample } from './example.ts'

const isEmulatorThere = process.env['FIRESTORE_EMULATOR_HOST'] !== undefined || findFirestoreEmulator() !== undefined
const missing = isEmulatorThere ? undefined : 'needs the Firestore emulator'
const withoutLambda = findLambdaTools() === undefined ? 'not installed: npm run setup:lambda' : undefined

// What `npm start -- --documents=… --sql=…` runs: the same domain and routes, over each database.
for (const runtime of ['worker', 'node'] as const) {
  describeExample(runtime, undefined, { documents: 'mongodb' })
  describeExample(runtime, undefined, { documents: 'dynamodb' })
  describeExample(runtime, undefined, { documents: 'firestore', missing })
  describeExample(runtime, undefined, { sql: 'postgres' })
}
describeExample('lambda', undefined, { documents: 'dynamodb', missing: withoutLambda })
