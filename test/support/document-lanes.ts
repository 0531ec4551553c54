import { toSecret } from '../../src/core/setting/secret.ts'
import { aggregation } from '../../src/nosql/aggregation/engine.ts'
import type { DocumentDriver } from '../../src/nosql/contract/driver.ts'
import { dynamodb } from '../../src/nosql/drivers/dynamodb/dynamodb-driver.ts'
import { firestore } from '../../src/nosql/drivers/firestore/firestore-driver.ts'
import { memory } from '../../src/nosql/drivers/memory/memory-driver.ts'
import { mongodb } from '../../src/nosql/drivers/mongodb/mongodb-driver.ts'
import { createDocumentStore, type DocumentStore } from '../../src/nosql/store/document-store.ts'
import type { DocumentStoreOptions } from '../../src/nosql/store/store-context.ts'
import { serveDynamo } from '../../tools/dynamodb-server/serve.ts'
import { hasFirestoreEmulator, startFirestoreEmulator } from '../../tools/emulators/firestore-emulator.ts'
import { serveMongo } from '../../tools/mongodb-server/serve.ts'
import { withShuffledMaps } from './firestore-emulator.ts'

export type LaneName = 'memory' | 'mongodb' | 'dynamodb' | 'firestore'

/** One database behind the portable contract. */
export interface DocumentLane {
  readonly name: LaneName
  /** All stores of a lane see the same documents. */
  open(options?: DocumentStoreOptions): DocumentStore
  close(): Promise<void>
}

/** The lanes that can be started here. Firestore needs Google's emulator. */
export const laneNames: readonly LaneName[] = hasFirestoreEmulator()
  ? ['memory', 'mongodb', 'dynamodb', 'firestore']
  : ['memory', 'mongodb', 'dynamodb']

/** Starts the database of a lane, with an engine for pipelines. */
export async function startLane(name: LaneName): Promise<DocumentLane> {
  switch (name) {
    case 'memory':
      return laneOf(name, { driver: memory({ aggregation: aggregation() }), config: undefined, close: async () => {} })
    case 'mongodb': {
      const server = await serveMongo()
      return laneOf(name, { driver: mongodb(), config: { uri: toSecret(server.uri) }, close: () => server.close() })
    }
    case 'dynamodb': {
      const server = await serveDynamo()
      const driver = dynamodb({ aggregation: aggregation(), catalogLifetime: 20 })
      const place = { endpointUrl: server.endpoint, table: 'app', createTables: true }
      const config = { ...place, accessKeyId: 'k', secretAccessKey: toSecret('test') }
      return laneOf(name, { driver, config, close: () => server.close() })
    }
    case 'firestore': {
      const emulator = await startFirestoreEmulator()
      const driver = firestore({ aggregation: aggregation(), catalogLifetime: 50, fetch: withShuffledMaps })
      const config = { projectId: `lane-${crypto.randomUUID().slice(0, 8)}`, emulatorHost: emulator.host }
      return laneOf(name, { driver, config, close: () => emulator.stop() })
    }
  }
}

interface Lane {
  readonly driver: DocumentDriver
  readonly config: object | undefined
  readonly close: () => Promise<void>
}

function laneOf(name: LaneName, { driver, config, close }: Lane): DocumentLane {
  const stores: DocumentStore[] = []
  return {
    name,
    open(options) {
      const store = createDocumentStore(driver, { config, scans: 'allow', ...options })
      stores.push(store)
      return store
    },
    async close() {
      for (const store of stores) await store.disconnect()
      await close()
    },
  }
}
