import type { DriverCollection } from '../../../contract/driver-collection.ts'
import { idIndex } from '../../../contract/index-model.ts'
import { UnsupportedOperationError } from '../../../errors.ts'
import { collectionOf } from '../collection-path.ts'
import { countNatively } from './count.ts'
import { planRead, type ReadTarget } from './reads.ts'

/** All collections of one id, to be read. */
export function groupCollection(target: ReadTarget): DriverCollection {
  const refuse = () => Promise.reject(cannotBeWritten(target.place.collection))
  return {
    plan: (query) => planRead(target, query),
    count: (query, context) => countNatively(target, query, context),
    listIndexes: () => Promise.resolve([idIndex]),
    write: refuse,
    createIndex: refuse,
    dropIndex: refuse,
  }
}

/** @throws UnsupportedOperationError for a group, which is neither made nor dropped as a whole */
export function assertOneCollection(name: string): void {
  if (collectionOf(name).isGroup) throw cannotBeWritten(name)
}

function cannotBeWritten(name: string): UnsupportedOperationError {
  return new UnsupportedOperationError(`'${name}' cannot be written: it is a group of collections`, {
    hint: "Write to one of them: the _id of a document begins with its collection's path.",
  })
}
