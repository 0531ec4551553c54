import type { Explanation } from '../../contract/explanation.ts'
import type { Document } from '../../query/value.ts'
import { checkOptions, notOfExplanations, wholeNumber, type GivenFindOptions } from '../checks/operation-options.ts'
import { open, type CollectionScope } from '../collection-scope.ts'
import { holdToArguments } from '../../../core/known-arguments.ts'
import { Cursor } from './cursor.ts'
import { type ParsedQuery, parseQuery, sortKeys } from './parsed-query.ts'
import { projectedQuery } from './projector.ts'
import { copyForCaller, openPages, planOf, readFirst } from './read.ts'
import { tracedReading } from '../tracing/traced-reading.ts'
import type { LooseObject } from '../types/filter.ts'
import type { CheckedProjection, Projected } from '../types/projection.ts'
import type { Sort, SortDirection } from '../types/sort.ts'

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
  readonly #scope: CollectionScope
  readonly #options: GivenFindOptions
  #query: () => ParsedQuery
  #refused = false

  /** @internal Cursors are made by collections. */
  constructor(given: CollectionScope, filter: unknown, options: GivenFindOptions) {
    const { span } = given.session
    const reading = span && tracedReading(given, 'find', span)
    const scope = reading?.scope ?? given
    super(() => {
      const query = this.#query()
      const pages = () => pagesOfFind(scope, query, options)
      // What is read is of the type that the collection was given for its documents.
      return (reading === undefined ? pages() : reading.traced(pages)()) as AsyncIterable<readonly R[]>
    })
    this.#scope = scope
    this.#options = options
    this.#query = this.#checked(() => {
      checkOptions(options, namesOfFind)
      return findQuery(scope, filter, options)
    })
  }

  /** @throws UsageError once the cursor is being read, as the others do */
  sort(sort: Sort<T>, direction?: SortDirection): this {
    return this.#with((query) => ({
      ...query,
      sort: sort === undefined ? undefined : sortKeys(direction === undefined ? sort : [[sort, direction]]),
    }))
  }

  skip(count: number): this {
    return this.#with((query) => ({ ...query, skip: skipOf(count) }))
  }

  /** At most this many; 0: all. */
  limit(count: number): this {
    return this.#with((query) => ({ ...query, limit: limitOf(count) }))
  }

  /** Only what the projection keeps. The type of the documents may also be said: `project<{ name: string }>({ name: 1 })`. */
  project<U extends object = never>(projection: [U] extends [never] ? never : LooseObject): FindCursor<T, U>
  project<const P extends object>(projection: P & CheckedProjection<T, P>): FindCursor<T, Projected<T, P>>
  project(projection: object): FindCursor<T, unknown> {
    return this.#with((query) => projectedQuery(this.#scope, query, { ...this.#options, projection }))
  }

  #with(change: (query: ParsedQuery) => ParsedQuery): this {
    this.assertUnread()
    // What was refused stays refused, whatever is asked for afterwards.
    if (!this.#refused) {
      const query = this.#query()
      this.#query = this.#checked(() => change(query))
    }
    return this
  }

  /** Checks at once, while the arguments are what they were, and throws where documents are asked for. */
  #checked(parse: () => ParsedQuery): () => ParsedQuery {
    try {
      const query = parse()
      return () => query
    } catch (error) {
      this.#refused = true
      return () => {
        throw error
      }
    }
  }
}

holdToArguments(FindCursor.prototype, { atOnce: { sort: 2, skip: 1, limit: 1, project: 1 } })

const namesOfFind = ['sort', 'skip', 'limit', 'projection', 'mongodb']

async function* pagesOfFind(scope: CollectionScope, query: ParsedQuery, options: GivenFindOptions) {
  const collection = await open(scope, options)
  const out = copyForCaller(collection.returnsOwnDocuments === true)
  for await (const page of await openPages({ ...scope, options }, collection, query)) {
    yield page.map(({ document }) => out(document))
  }
}

/** The first document of a find. Most reads are this one, so that it goes without a cursor. */
export async function findOne(
  scope: CollectionScope,
  filter: unknown,
  options: GivenFindOptions,
): Promise<Document | null> {
  checkOptions(options, ['sort', 'skip', 'projection', 'mongodb'])
  const one = { ...options, limit: 1 }
  const query = findQuery(scope, filter, one)
  const collection = await open(scope, options)
  const found = await readFirst({ ...scope, options }, collection, query)
  return found === undefined ? null : copyForCaller(collection.returnsOwnDocuments === true)(found.document)
}

/** What a find with these arguments would do; they are checked as those of a find. */
export async function explain(
  scope: CollectionScope,
  filter: unknown,
  options: Omit<GivenFindOptions, 'budget' | 'scans'>,
): Promise<Explanation> {
  checkOptions(options, namesOfFind, notOfExplanations)
  const query = findQuery(scope, filter, options)
  const collection = await open(scope, options)
  const context = { ...scope, options: { ...options, scans: 'allow' } as const }
  return (await planOf(context, collection, query)).plan.explain()
}

/** The parsed arguments of a find, whose options are checked. @throws NoSQLFilterError for malformed arguments */
function findQuery(scope: CollectionScope, filter: unknown, options: GivenFindOptions): ParsedQuery {
  const [skip, limit] = [skipOf(options.skip), limitOf(options.limit)]
  const query = parseQuery(scope, filter, { ...options, skip, limit })
  return options.projection === undefined ? query : projectedQuery(scope, query, options)
}

const skipOf = (given: number | undefined): number => wholeNumber(given, 'skip', 0)
const limitOf = (given: number | undefined): number => wholeNumber(given, 'limit', 0) || Infinity

/** Reads may leave the filter out; writes may not. */
export function orAll(filter: unknown): unknown {
  return filter === undefined ? {} : filter
}
