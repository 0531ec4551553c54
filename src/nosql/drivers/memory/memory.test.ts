import { describe, it } from 'vitest'
import { aggregation } from '../../aggregation/index.ts'
import { documentStoreConformance } from '../../../testing/document-store-conformance/document-store-conformance.ts'
import { createDocumentStore } from '../../document-store.ts'
import { memory } from './memory-driver.ts'

describe('memory driver', () => {
  const driver = memory({ aggregation: aggregation() })
  documentStoreConformance({ open: (options) => createDocumentStore(driver, options) }, { describe, it })
})

describe('memory driver without the aggregation engine', () => {
  const driver = memory({ documentBytes: 4096, ids: 'any' })
  documentStoreConformance({ open: (options) => createDocumentStore(driver, options) }, { describe, it })
})
