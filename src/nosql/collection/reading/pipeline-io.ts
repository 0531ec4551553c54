import { callContext } from '../../store/store-context.ts'
import type { PipelineSource, PipelineTarget } from '../../query/expression-engine.ts'
import { replaceContents } from '../writing/replace-contents.ts'
import { idOf } from '../document-id.ts'
import { open, otherCollection, type CollectionScope } from '../collection-scope.ts'
import { insertAll } from '../writing/insert.ts'
import type { MeteredOptions } from '../spending.ts'
import { parseQuery } from './parsed-query.ts'
import { readPages } from './read.ts'
import { toInsert } from '../checks/to-stored.ts'
import { writeRequests, executeWrite } from '../writing/update.ts'

/** Other collections, for the stages that read them. */
export function pipelineSource(scope: CollectionScope, options: MeteredOptions): PipelineSource {
  return {
    async *read(name, filter) {
      const other = otherCollection(scope, name)
      const pages = readPages({ ...other, options }, await open(other, options), parseQuery(other, filter, options))
      for await (const page of pages) yield page.map(({ document }) => document)
    },
  }
}

/** Where `$out` and `$merge` write: in the time of the call and by its budget, but through no variable and no hint of it. */
export function pipelineTarget(scope: CollectionScope, given: MeteredOptions): PipelineTarget {
  const { signal, deadline, budget, meter } = given
  const options: MeteredOptions = { signal, deadline, budget, meter }
  return {
    database: scope.session.store.database,
    async replaceAll(name, documents) {
      const target = otherCollection(scope, name)
      await replaceContents(
        target,
        documents.map((document) => toInsert(target, document)),
        options,
      )
    },
    async insert(name, document) {
      const target = otherCollection(scope, name)
      const { errors } = await insertAll(target, [toInsert(target, document)], options)
      if (errors[0] !== undefined) throw errors[0].error
    },
    async replace(name, document) {
      const request = writeRequests.replaceOne({ _id: idOf(document) }, document, {})
      await executeWrite(otherCollection(scope, name), { ...request, options })
    },
    async isUnique(name, paths) {
      const wanted = [...paths].sort().join('\n')
      if (wanted === '_id') return true
      const indexes = await (
        await open(otherCollection(scope, name), options)
      ).listIndexes(callContext(scope.session, options))
      const fitting = indexes.filter(
        ({ unique, key, partialFilterExpression: partial }) =>
          unique === true &&
          partial === undefined &&
          key
            .map(([path]) => path)
            .sort()
            .join('\n') === wanted,
      )
      return fitting.some(({ sparse }) => sparse !== true) || (fitting.length > 0 && 'sparse')
    },
  }
}
