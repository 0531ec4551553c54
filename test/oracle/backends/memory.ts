import { createDocumentStore } from '../../../src/nosql/document-store.ts'
import { aggregation } from '../../../src/nosql/aggregation/index.ts'
import { memory } from '../../../src/nosql/drivers/memory/index.ts'
import type { Backend } from '../backend.ts'
import { storeBackend } from './store-backend.ts'

/** An empty memory store per case; `_id` may be what MongoDB allows. */
export const createBackend = async (): Promise<Backend> =>
  storeBackend(createDocumentStore(memory({ aggregation: aggregation(), ids: 'any' }), { work: 'allow' }))
