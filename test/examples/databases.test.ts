import { hasFirestoreEmulator } from '../../tools/emulators/firestore-emulator.ts'
import { findLambdaTools } from '../../tools/packages/lambda-tools.ts'
import { runtimeNames, type RuntimeName } from '../../tools/runtimes/launchers.ts'
import { describeExample } from './example.ts'

const withoutEmulator = hasFirestoreEmulator() ? undefined : 'needs the Firestore emulator'
const missingOf: { readonly [runtime in RuntimeName]?: string | undefined } = {
  lambda: findLambdaTools() === undefined ? 'not installed: npm run setup:lambda' : undefined,
}

// What `npm start -- --runtime=… --documents=… --sql=…` runs: the same domain and routes, everywhere, over each database.
for (const runtime of runtimeNames) {
  const missing = missingOf[runtime]
  describeExample(runtime, undefined, { documents: 'mongodb', missing })
  describeExample(runtime, undefined, { documents: 'dynamodb', missing })
  describeExample(runtime, undefined, { documents: 'firestore', missing: missing ?? withoutEmulator })
  describeExample(runtime, undefined, { sql: 'postgres', missing })
}
describeExample('node', undefined, { sql: 'pglite' })
