import { afterAll, describe, it } from 'vitest'
import { startSpoiledWire } from '../../../../test/support/spoiled-wire.ts'
import { serveMongo } from '../../../../tools/mongodb-server/serve.ts'
import { writeReply } from '../../../../tools/mongodb-server/wire.ts'
import { documentStoreConformance } from '../../../testing/document-store-conformance/document-store-conformance.ts'
import { toSecret } from '../../../core/setting/secret.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { mongodb } from './mongodb-driver.ts'

/** Of a message `OP_MSG`: its header of 16 bytes, flags, the kind of its first section, the document's size and first type. */
const [operationAt, nameAt] = [12, 26]
const upkeep = new Set(['hello', 'isMaster', 'ismaster', 'ping', 'endSessions'])

function isRequest(bytes: Uint8Array): boolean {
  const message = Buffer.from(bytes)
  if (message.readInt32LE(operationAt) !== 2013) return false
  return !upkeep.has(message.toString('latin1', nameAt, message.indexOf(0, nameAt)))
}

function refusalOf(bytes: Uint8Array): Uint8Array {
  const requestId = Buffer.from(bytes).readInt32LE(4)
  const reply = { ok: 0, code: 13, codeName: 'Unauthorized', errmsg: 'not authorized' }
  return writeReply({ requestId, command: {}, isLegacyHello: false, isOneWay: false }, reply)
}

describe('the MongoDB driver over the wire protocol', async () => {
  const server = await serveMongo()
  const wire = await startSpoiledWire({ port: server.port, refusalOf, isRequest })
  afterAll(async () => {
    await wire[Symbol.asyncDispose]()
    await server.close()
  })
  const driver = mongodb()
  const config = { uri: toSecret(server.uri) }
  const steady = { uri: toSecret(`mongodb://127.0.0.1:${wire.port}/?directConnection=true&heartbeatFrequencyMS=500`) }
  documentStoreConformance(
    {
      open: (options) => createDocumentStore(driver, { ...options, database: 'conformance', config }),
      openSteady: (options) => createDocumentStore(driver, { ...options, database: 'conformance', config: steady }),
      // The writes of a transaction are sent as they come, and then its commit.
      requests: { sent: wire.sent, expected: { transaction: 4 } },
      faults: wire.faults,
    },
    { describe, it: (name, run) => it(name, run, 60_000) },
  )
})
