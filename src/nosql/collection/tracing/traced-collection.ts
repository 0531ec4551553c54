import { endWith } from '../../../core/tracing/traced.ts'
import type { Span } from '../../../core/tracing/tracer.ts'
import type { Session } from '../../store/session.ts'
import { sessionInSpan } from '../../store/span-session.ts'
import type { Collection } from '../collection.ts'

type Method = Extract<keyof Collection, string>

/** Not `find`, `findOne` and `aggregate`: a cursor begins its span when it is read. */
const operations: ReadonlySet<string> = new Set<Method>([
  'insertOne',
  'insertMany',
  'findPage',
  'updateOne',
  'updateMany',
  'replaceOne',
  'deleteOne',
  'deleteMany',
  'findOneAndUpdate',
  'findOneAndReplace',
  'findOneAndDelete',
  'bulkWrite',
  'countDocuments',
  'estimatedDocumentCount',
  'distinct',
  'createIndex',
  'createIndexes',
  'dropIndex',
  'dropIndexes',
  'listIndexes',
  'rename',
  'drop',
])

/** How a collection is made for a session. */
export type MakeCollection<T extends object> = (session: Session) => Collection<T>

/**
 * A collection whose every operation is a span under `parent`. The operation itself runs on a collection of the same kind
 * that tells its plan, requests and retries to that span.
 */
export function tracedCollection<T extends object>(
  make: MakeCollection<T>,
  session: Session,
  parent: Span,
): Collection<T> {
  return new Proxy(make(session), {
    get(collection, key) {
      const member: unknown = Reflect.get(collection, key, collection)
      if (typeof member !== 'function') return member
      if (key === 'confined') {
        return (confinement: Parameters<Collection<T>['confined']>[0]) =>
          tracedCollection((own) => make(own).confined(confinement), session, parent)
      }
      if (typeof key !== 'string' || !operations.has(key)) return member.bind(collection) as unknown
      return (...given: readonly unknown[]): Promise<unknown> => {
        const [first] = given
        const span = parent.start({
          is: 'document',
          driver: session.store.backend.name,
          operation: key,
          collection: collection.name,
          ...(Array.isArray(first) && { size: first.length }),
        })
        const run = async (): Promise<unknown> => member.apply(make(sessionInSpan(session, span)), given) as unknown
        return endWith(span, span.run(run))
      }
    },
  })
}
