import { endWith } from '../../../core/tracing/traced.ts'
import type { Span } from '../../../core/tracing/tracer.ts'
import { SpanSession } from '../../store/span-session.ts'
import { Collection } from '../collection.ts'
import type { CollectionScope, Confinement } from '../collection-scope.ts'

type Operation = Extract<keyof Collection, string>

/** Not `find` and `aggregate`: a cursor begins its span when it is read. */
const operations: readonly Operation[] = [
  'insertOne',
  'insertMany',
  'findOne',
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
]

/**
 * A collection whose every operation is a span under `parent`. The operation runs on a collection without tracing, in a
 * session that has that span.
 */
export class TracedCollection<T extends object> extends Collection<T> {
  readonly #scope: CollectionScope
  readonly #parent: Span

  constructor(scope: CollectionScope, parent: Span) {
    super(scope)
    this.#scope = scope
    this.#parent = parent
  }

  override confined(confinement: Confinement): Collection<T> {
    return new TracedCollection<T>({ ...this.#scope, confinement }, this.#parent)
  }

  /** @internal */
  static inSpan(collection: TracedCollection<object>, operation: Operation, given: unknown[]): Promise<unknown> {
    const { session, name, spec, confinement } = collection.#scope
    const [first] = given
    const span = collection.#parent.start({
      is: 'document',
      driver: session.store.backend.name,
      // What reads one document and what reads many are grouped together.
      operation: operation === 'findOne' ? 'find' : operation,
      collection: name,
      ...(Array.isArray(first) && { size: first.length }),
    })
    const run = async (): Promise<unknown> => {
      const own = new Collection({ session: new SpanSession(session, span), name, spec, confinement })
      // The names are those of methods of this class; what they are called with, they check.
      return (own[operation] as (this: object, ...given: unknown[]) => Promise<unknown>).apply(own, given)
    }
    return endWith(span, span.run(run))
  }
}

for (const operation of operations) {
  Object.defineProperty(TracedCollection.prototype, operation, {
    value: {
      [operation](this: TracedCollection<object>, ...given: unknown[]) {
        return TracedCollection.inSpan(this, operation, given)
      },
    }[operation],
    writable: true,
    configurable: true,
  })
}
