import { toSecret } from '../../src/core/setting/secret.ts'
import { mongodb } from '../../src/nosql/drivers/mongodb/mongodb-driver.ts'
import { AddField } from '../../src/nosql/migration/field-operations.ts'
import { MigrationManager } from '../../src/nosql/migration/manager.ts'
import { createDocumentStore } from '../../src/nosql/store/document-store.ts'

/** A runner of migrations that stops in the middle of one, with its lease, until it is killed. */
const [uri = ''] = process.argv.slice(2)
const store = createDocumentStore(mongodb(), { config: { uri: toSecret(uri) }, scans: 'allow' })
let segments = 0
const manager = new MigrationManager({
  store,
  dbName: 'app',
  runner: 'the one that is killed',
  segmentSize: 100,
  onProgress({ kind }) {
    if (kind !== 'progress' || ++segments < 3) return
    process.send?.('midway')
    // Not even its timers run any more.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  },
})
await manager.add(new AddField('users', 'x', { default: 1 })).apply()
