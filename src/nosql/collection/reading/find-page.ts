import type { Page } from '../../../core/repository/options.ts'
import { open, type CollectionScope } from '../collection-scope.ts'
import { checkOptions, wholeNumber, type FindOptions, type GivenFindOptions } from '../checks/operation-options.ts'
import { fromPageCursor, toPageCursor } from './page-cursor.ts'
import { projector } from './projector.ts'
import { neededPaths } from '../../plan/needs.ts'
import { parseQuery, queryOf } from './parsed-query.ts'
import type { Projection } from '../types/projection.ts'
import { copyForCaller, readPages } from './read.ts'
import { compileSortValues } from '../../query/sort.ts'
import type { Document } from '../../query/value.ts'

/** Options of `findPage`. */
export interface FindPageOptions<T = Document, P = Projection<T>> extends Omit<
  FindOptions<T, P>,
  'skip' | 'limit' | 'mongodb'
> {
  /** Documents per page. @default 20 */
  readonly limit?: number | undefined
  /** `next` of the page before. */
  readonly after?: string | null | undefined
}

type GivenPageOptions = GivenFindOptions & Pick<FindPageOptions, 'after'>

/**
 * Pages by position, not by number: a document that does not change is neither repeated nor missed, whatever is inserted
 * or deleted meanwhile.
 */
export async function findPage(
  scope: CollectionScope,
  filter: unknown,
  options: GivenPageOptions,
): Promise<Page<Document>> {
  checkOptions(options, ['sort', 'limit', 'projection', 'after'])
  const limit = wholeNumber(options.limit, 'limit', 0) || 20
  const base = parseQuery(scope, filter, {
    ...options,
    sort: options.sort === undefined ? '_id' : options.sort,
    limit: limit + 1,
    projection: undefined,
  })
  const { project, needs } = projector(scope, base, options)
  const sort = base.sort ?? []
  const { cursors, name: store } = scope.session.store
  const confined = scope.confinement?.base ?? []
  const binding = { store, collection: scope.name, filter: [filter, ...confined], sort }
  const after = options.after == null ? undefined : await fromPageCursor(cursors, options.after, binding)
  const reading = queryOf({ ...base, after, needs: neededPaths({ wanted: needs, sort }) })
  const collection = await open(scope, options)
  const found: Document[] = []
  for await (const page of readPages({ ...scope, options }, collection, reading)) {
    for (const { document } of page) found.push(document)
  }
  const items = found.slice(0, limit)
  const last = items.at(-1)
  const next =
    found.length > limit && last !== undefined
      ? await toPageCursor(cursors, compileSortValues(sort)(last), binding)
      : null
  const out = copyForCaller(collection.returnsOwnDocuments === true)
  return { items: items.map((document) => out(project === undefined ? document : project(document))), next }
}
