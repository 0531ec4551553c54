import { toSecret } from '../../../../src/core/setting/secret.ts'
import { mongodb } from '../../../../src/nosql/drivers/mongodb/index.ts'
import { createDocumentStore } from '../../../../src/nosql/store/document-store.ts'
import { serveMongo } from '../../../../tools/mongodb-server/serve.ts'
import { withVendorIds } from '../../../../tools/mongodb-server/vendor-ids.ts'
import { atOneMoment } from '../at-one-moment.ts'
import type { Backend, Command } from '../backend.ts'

const server = await serveMongo()
const driver = mongodb()
const config = { uri: toSecret(server.uri) }
let cases = 0

/** A database of one server per case, through the official driver. */
export const createBackend = async (): Promise<Backend> => {
  const database = `case_${++cases}`
  const backend = atOneMoment((options) => createDocumentStore(driver, { ...options, database, config }))
  return { command: (command) => backend.command(withVendorIds(command) as Command) }
}
