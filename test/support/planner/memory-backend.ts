import { MemoryCollection } from '../../../src/nosql/drivers/memory/memory-collection.ts'
import { planRead } from '../../../src/nosql/drivers/memory/memory-plan.ts'
import { DocumentValidationError } from '../../../src/nosql/errors.ts'
import { compileFilter } from '../../../src/nosql/query/filter/compile-filter.ts'
import type { Data, Found, SimulatedBackend } from './simulated-backend.ts'
import type { Page } from '../../../src/nosql/plan/pages.ts'

/** The memory driver itself, with indexes. */
export const memoryBackend: SimulatedBackend = {
  name: 'as the memory driver',
  plan(question, data) {
    const plan = planRead(collectionOf(data), { ...question, source: { filter: {} } }, data.facts)
    const { explanation, exact, sorted, limited } = plan
    return {
      claims: { explanation, exact, sorted, limited, positioned: question.after === undefined },
      matches: compileFilter(question.filter),
      pages: pagesOf(plan),
    }
  },
}

async function* pagesOf({ read }: ReturnType<typeof planRead>): AsyncGenerator<Page<Found>, void> {
  for await (const documents of read({ now: 0 })) yield { documents, scanned: documents.length, requests: 1 }
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
