import { toSecret } from '../../../../src/core/setting/secret.ts'
import { aggregation } from '../../../../src/nosql/aggregation/index.ts'
import { dynamodb } from '../../../../src/nosql/drivers/dynamodb/index.ts'
import { createDocumentStore } from '../../../../src/nosql/store/document-store.ts'
import { serveDynamo } from '../../../../tools/dynamodb-server/serve.ts'
import { atOneMoment } from '../at-one-moment.ts'
import type { Backend } from '../backend.ts'

const server = await serveDynamo()
const driver = dynamodb({ aggregation: aggregation(), catalogLifetime: 20 })
let cases = 0

/** One table of one server per case. */
export const createBackend = async (): Promise<Backend> => {
  const config = {
    endpointUrl: server.endpoint,
    table: `case_${++cases}`,
    createTables: true,
    accessKeyId: 'test',
    secretAccessKey: toSecret('test'),
  }
  return atOneMoment((options) => createDocumentStore(driver, { ...options, config }))
}
