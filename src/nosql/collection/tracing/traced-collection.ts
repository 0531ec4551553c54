import { endWith } from '../../../core/tracing/traced.ts'
import type { Span } from '../../../core/tracing/tracer.ts'
import { SpanSession } from '../../store/span-session.ts'
import { collectionArguments } from '../checks/known-arguments.ts'
import { Collection } from '../collection.ts'
import type { CollectionScope, Confinement } from '../collection-scope.ts'

/** Reads nothing, and ends with its reader. */
const untraced: ReadonlySet<string> = new Set<keyof Collection>(['explain', 'watch'])

/**
 * A collection whose operations are spans under `parent`. The operation runs on a collection without tracing, in a
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
  static inSpan(collection: TracedCollection<object>, operation: string, given: unknown[]): Promise<unknown> {
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
      return (Reflect.get(own, operation) as (this: object, ...given: unknown[]) => Promise<unknown>).apply(own, given)
    }
    return endWith(span, span.run(run))
  }
}

// A cursor begins its span when it is read; all others return a promise.
for (const operation of Object.keys(collectionArguments.byPromise ?? {})) {
  if (untraced.has(operation)) continue
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
