import { MemoryCollection } from '../../../src/nosql/drivers/memory/memory-collection.ts'
import { planRead } from '../../../src/nosql/drivers/memory/memory-plan.ts'
import { DocumentValidationError } from '../../../src/nosql/errors.ts'
import { compileFilter } from '../../../src/nosql/query/filter/compile-filter.ts'
import type { Data, SimulatedBackend } from './simulated-backend.ts'

/** The memory driver itself, with indexes. */
export const memoryBackend: SimulatedBackend = {
  name: 'as the memory driver',
  plan(question, data) {
    const query = { ...question, matches: compileFilter(question.filter), needs: 'whole' as const }
    const claims = planRead(collectionOf(data), query, data.facts)
    return { claims, pages: claims.read({ now: 0 }) }
  },
}

function collectionOf({ documents, indexes }: Data): MemoryCollection {
  const collection = new MemoryCollection('scene', () => undefined)
  for (const document of documents) collection.put(document)
  for (const model of indexes) {
    try {
      collection.createIndex(model)
    } catch (error) {
      // Two arrays in one document: there can be no such index.
      if (!(error instanceof DocumentValidationError)) throw error
    }
  }
  return collection
}
