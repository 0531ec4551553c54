import { afterAll, describe, it } from 'vitest'
import { serveMongo } from '../../../../tools/mongodb-server/serve.ts'
import { documentStoreConformance } from '../../../testing/document-store-conformance/document-store-conformance.ts'
import { toSecret } from '../../../core/setting/secret.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { mongodb } from './mongodb-driver.ts'

describe('the MongoDB driver over the wire protocol', async () => {
  const server = await serveMongo()
  afterAll(() => server.close())
  const driver = mongodb()
  const config = { uri: toSecret(server.uri) }
  documentStoreConformance(
    { open: (options) => createDocumentStore(driver, { ...options, database: 'conformance', config }) },
    { describe, it: (name, run) => it(name, run, 60_000) },
  )
})
