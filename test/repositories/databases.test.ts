import { afterAll, beforeAll, describe, it } from 'vitest'
import { toSecret } from '../../src/core/setting/secret.ts'
import { createDocumentStore, type DocumentStore } from 'lexigram-edge/nosql'
import { dynamodb } from 'lexigram-edge/nosql/dynamodb'
import { firestore } from 'lexigram-edge/nosql/firestore'
import { mongodb } from 'lexigram-edge/nosql/mongodb'
import { repositoryConformance } from 'lexigram-edge/testing'
import { serveDynamo } from '../../tools/dynamodb-server/serve.ts'
import { hasFirestoreEmulator, startFirestoreEmulator } from '../../tools/emulators/firestore-emulator.ts'
import { serveMongo } from '../../tools/mongodb-server/serve.ts'
import { describeWithServer } from '../support/needs-server.ts'
import { documentEntries } from '../support/repositories/document-entries.ts'

/** A server under test, and a store on it. */
interface Opened {
  readonly store: DocumentStore
  close(): Promise<void>
}

function repositoriesOn(open: () => Promise<Opened>): void {
  let opened: Opened
  beforeAll(async () => {
    opened = await open()
  }, 70_000)
  afterAll(async () => {
    await opened.store.disconnect()
    await opened.close()
  })
  const register = (name: string, run: () => Promise<void>) => it(name, run, 60_000)
  repositoryConformance({ open: () => documentEntries(opened.store) }, { describe, it: register })
}

describe('repositories on MongoDB', () => {
  repositoriesOn(async () => {
    const server = await serveMongo()
    const config = { uri: toSecret(server.uri) }
    const store = createDocumentStore(mongodb(), { database: 'repositories', config, scans: 'allow' })
    return { store, close: () => server.close() }
  })
})

describe('repositories on DynamoDB', () => {
  repositoriesOn(async () => {
    const server = await serveDynamo()
    const credentials = { accessKeyId: 'test', secretAccessKey: toSecret('test') }
    const config = { endpointUrl: server.endpoint, createTables: true, ...credentials }
    return { store: createDocumentStore(dynamodb(), { config, scans: 'allow' }), close: () => server.close() }
  })
})

describeWithServer('repositories on Firestore', hasFirestoreEmulator(), () => {
  repositoriesOn(async () => {
    const emulator = await startFirestoreEmulator()
    const config = { projectId: `repositories-${crypto.randomUUID().slice(0, 8)}`, emulatorHost: emulator.host }
    return { store: createDocumentStore(firestore(), { config, scans: 'allow' }), close: () => emulator.stop() }
  })
})
