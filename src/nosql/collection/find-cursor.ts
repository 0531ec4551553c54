import type { Document } from '../query/value.ts'
import type { GivenFindOptions } from './checks/operation-options.ts'
import { holdToArguments } from './checks/known-arguments.ts'
import { Cursor } from './cursor.ts'
import type { LooseObject } from './types/filter.ts'
import type { CheckedProjection, Projected } from './types/projection.ts'
import type { Sort, SortDirection } from './types/sort.ts'

/** What a find reads with these options. @throws for whatever is wrong with the query */
export type OpenFind = (options: GivenFindOptions) => () => AsyncIterable<readonly Document[]>

/**
 * The documents of a `find`. Until the first is asked for, the query may still be changed: `sort`, `skip`, `limit` and
 * `project` take the place of the options of the same name, and return this same cursor.
 *
 * @example
 * import type { Collection } from 'lexigram-edge/nosql'
 *
 * export function cheapest(products: Collection<Product>) {
 *   return products.find({ stock: { $gt: 0 } }).sort({ price: 1 }).limit(10).project({ name: 1 }).toArray()
 * }
 */
export class FindCursor<T, R = T> extends Cursor<R> {
  readonly #plan: OpenFind
  #options: GivenFindOptions
  #opened: () => AsyncIterable<readonly Document[]>
  #refused = false

  /** @internal Cursors are made by collections. */
  constructor(plan: OpenFind, options: GivenFindOptions) {
    // What is read is of the type that the collection was given for its documents.
    super(() => this.#opened() as AsyncIterable<readonly R[]>)
    this.#plan = plan
    this.#options = options
    this.#opened = this.#checked()
  }

  /** @throws UsageError once the cursor is being read, as the others do */
  sort(sort: Sort<T>, direction?: SortDirection): this {
    return this.#with({ sort: direction === undefined ? sort : [[sort, direction]] })
  }

  skip(count: number): this {
    return this.#with({ skip: count })
  }

  /** At most this many; 0: all. */
  limit(count: number): this {
    return this.#with({ limit: count })
  }

  /** Only what the projection keeps. The type of the documents may also be said: `project<{ name: string }>({ name: 1 })`. */
  project<U extends object = never>(projection: [U] extends [never] ? never : LooseObject): FindCursor<T, U>
  project<const P extends object>(projection: P & CheckedProjection<T, P>): FindCursor<T, Projected<T, P>>
  project(projection: object): FindCursor<T, unknown> {
    return this.#with({ projection })
  }

  #with(change: GivenFindOptions): this {
    this.assertUnread()
    // What was refused stays refused, whatever is asked for afterwards.
    if (this.#refused) return this
    this.#options = { ...this.#options, ...change }
    this.#opened = this.#checked()
    return this
  }

  /** Checks at once, while the arguments are what they were, and throws where documents are asked for. */
  #checked(): () => AsyncIterable<readonly Document[]> {
    try {
      return this.#plan(this.#options)
    } catch (error) {
      this.#refused = true
      return () => {
        throw error
      }
    }
  }
}

holdToArguments(FindCursor.prototype, { atOnce: { sort: 2, skip: 1, limit: 1, project: 1 } })
