import { afterAll, beforeEach } from 'vitest'
import { toSecret } from '../../src/core/setting/secret.ts'
import { mongodb } from '../../src/nosql/drivers/mongodb/mongodb-driver.ts'
import { createDocumentStore } from '../../src/nosql/store/document-store.ts'
import { serveMongo } from '../../tools/mongodb-server/serve.ts'
import type { Command } from '../../tools/mongodb-server/wire.ts'

/** A store on a server that keeps the commands of each test; call it within `describe`, whose end closes both. */
export async function openRecorded() {
  const received: Command[] = []
  const server = await serveMongo({ onCommand: (command) => void received.push(command) })
  const config = { uri: toSecret(server.uri) }
  const store = createDocumentStore(mongodb(), { database: 'recorded', config, scans: 'allow' })
  afterAll(async () => {
    await store.disconnect()
    await server.close()
  })
  const items = store.collection('items')
  // The connection is there, so that a test sees its own commands.
  beforeEach(async () => {
    await items.findOne({})
    received.length = 0
  })
  return { store, items, received }
}
