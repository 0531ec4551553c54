import type { DocumentBackend, DocumentDriver } from '../nosql/contract/driver.ts'
import { isThenable } from '../core/time-limit.ts'
import type { DriverCollection } from '../nosql/contract/driver-collection.ts'

/** One call of a driver's collection, before it happens. */
export interface DriverCall {
  readonly collection: string
  readonly operation: 'plan' | 'write' | 'count' | 'modify' | 'createIndex' | 'dropIndex' | 'listIndexes'
  readonly arguments: readonly unknown[]
}

/**
 * A driver that calls `before` ahead of every call to the real one underneath: to count requests, to fail one, or to let
 * something happen just before it. Transactions are not watched. What `before` throws or rejects with is the call's own failure.
 *
 * @example
 * import { createDocumentStore } from 'lexigram-edge/nosql'
 * import { memory } from 'lexigram-edge/nosql/memory'
 * import { interceptDriver } from 'lexigram-edge/testing'
 *
 * let writes = 0
 * const store = createDocumentStore(interceptDriver(memory(), ({ operation }) => {
 *   if (operation === 'write' && ++writes > 3) throw new Error('the network is gone')
 * }))
 */
export function interceptDriver(
  driver: DocumentDriver,
  before: (call: DriverCall) => void | Promise<void>,
): DocumentDriver {
  return {
    ...driver,
    open: (settings) => interceptBackend(driver.open(settings), before),
  }
}

function interceptBackend(
  backend: DocumentBackend,
  before: (call: DriverCall) => void | Promise<void>,
): DocumentBackend {
  return new Proxy(backend, {
    get(target, key) {
      if (key === 'collection')
        return (...args: Parameters<DocumentBackend['collection']>) => {
          const opened = target.collection(...args)
          const intercept = (collection: DriverCollection) => interceptCollection(collection, args[0], before)
          return isThenable(opened) ? opened.then(intercept) : intercept(opened)
        }
      const member: unknown = Reflect.get(target, key)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

const synchronous = new Set(['plan'])
const watched = new Set(['plan', 'write', 'count', 'modify', 'createIndex', 'dropIndex', 'listIndexes'])

function interceptCollection(
  collection: DriverCollection,
  name: string,
  before: (call: DriverCall) => void | Promise<void>,
): DriverCollection {
  return new Proxy(collection, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key)
      if (typeof member !== 'function') return member
      if (!isWatched(key)) return member.bind(target)
      return (...args: unknown[]): unknown => {
        const told = before({ collection: name, operation: key, arguments: args })
        const proceed = (): unknown => Reflect.apply(member, target, args)
        return told === undefined || synchronous.has(key) ? proceed() : told.then(proceed)
      }
    },
  })
}

function isWatched(key: string | symbol): key is DriverCall['operation'] {
  return typeof key === 'string' && watched.has(key)
}
