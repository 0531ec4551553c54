import { createDocumentStore } from '../../../../src/nosql/store/document-store.ts'
import { aggregation } from '../../../../src/nosql/aggregation/index.ts'
import { memory } from '../../../../src/nosql/drivers/memory/index.ts'
import { atOneMoment } from '../at-one-moment.ts'
import type { Backend } from '../backend.ts'

/** An empty memory store per case; `_id` may be what MongoDB allows. */
export const createBackend = async (): Promise<Backend> => {
  const driver = memory({ aggregation: aggregation(), ids: 'any' })
  return atOneMoment((options) => createDocumentStore(driver, options))
}
