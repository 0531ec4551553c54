import { createDocumentStore } from '../../../../src/nosql/store/document-store.ts'
import { aggregation } from '../../../../src/nosql/aggregation/index.ts'
import { memory } from '../../../../src/nosql/drivers/memory/index.ts'
import type { Backend } from '../backend.ts'
import { storeBackend } from './store-backend.ts'

/** An empty memory store per case; `_id` may be what MongoDB allows. Each command has one `$$NOW`, later than the last. */
export const createBackend = async (): Promise<Backend> => {
  let now = 0
  const driver = memory({ aggregation: aggregation(), ids: 'any' })
  const backend = storeBackend(createDocumentStore(driver, { work: 'allow', clock: () => now }))
  return {
    command(command) {
      now = Math.max(Date.now(), now + 1)
      return backend.command(command)
    },
  }
}
