import type { DocumentDriver } from '../../../src/nosql/contract/driver.ts'
import { memory } from '../../../src/nosql/drivers/memory/memory-driver.ts'

/** The memory driver with batches of two, which calls back before it carries out the `nth`, and waits for what that promises. */
export function inBatches(nth: number, happen: () => unknown): DocumentDriver {
  const inner = memory()
  let batches = 0
  return {
    ...inner,
    open(settings) {
      const backend = inner.open(settings)
      const { capabilities } = backend
      return {
        ...backend,
        capabilities: { ...capabilities, limits: { ...capabilities.limits, writeBatch: 2 } },
        async collection(...args) {
          const collection = await backend.collection(...args)
          return {
            ...collection,
            async write(writes, context) {
              batches += 1
              if (batches === nth) await happen()
              return collection.write(writes, context)
            },
          }
        },
      }
    },
  }
}
