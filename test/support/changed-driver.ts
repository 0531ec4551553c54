import type { DocumentDriver } from '../../src/nosql/contract/driver.ts'
import type { DriverCollection } from '../../src/nosql/contract/driver-collection.ts'

/** A driver each of whose collections is changed, to answer otherwise than the one underneath. */
export function changedDriver(
  driver: DocumentDriver,
  change: (inner: DriverCollection) => DriverCollection,
): DocumentDriver {
  return {
    ...driver,
    open(settings) {
      const backend = driver.open(settings)
      return { ...backend, collection: async (...asked) => change(await backend.collection(...asked)) }
    },
  }
}
