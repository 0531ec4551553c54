import type { Confinement } from '../../collection/collection-scope.ts'
import { parseFilter } from '../../query/filter/parse-filter.ts'
import { baseFilter, type RepositoryCall } from '../call.ts'
import { confinePipeline } from './confined-pipeline.ts'
import { confineDocument, confineUpdate } from './confined-write.ts'

/** What the collection of a repository cannot leave during one call. */
export function confinementOf(collection: string, call: RepositoryCall, includeDeleted: boolean): Confinement {
  const base = baseFilter(call, includeDeleted)
  const { tenant } = call
  return {
    base,
    node: parseFilter(base.length === 0 ? {} : { $and: base }),
    document: (document) => (tenant === undefined ? document : confineDocument(document, tenant)),
    update: (update) => (tenant === undefined ? update : confineUpdate(update, tenant)),
    pipeline: (stages) => confinePipeline(stages, { collection, base, confined: tenant !== undefined }),
  }
}
