import type { Insert } from '../contract/write.ts'
import type { PipelineSource, PipelineTarget } from '../query/expression-engine.ts'
import { runTransaction } from '../store/transaction.ts'
import { idOf } from './document-id.ts'
import { open, otherCollection, type CollectionScope } from './collection-scope.ts'
import { insertAll } from './insert.ts'
import type { MeteredOptions } from './operation-meter.ts'
import { parseQuery } from './question.ts'
import { readPages } from './read.ts'
import { toInsert } from './checks/to-stored.ts'
import { writeRequests, executeWrite } from './update.ts'

/** Other collections, for the stages that read them. */
export function pipelineSource(scope: CollectionScope, options: MeteredOptions): PipelineSource {
  return {
    async *read(name, filter) {
      const other = otherCollection(scope, name)
      const pages = readPages({ ...other, options }, await open(other), parseQuery(other, filter, options))
      for await (const page of pages) yield page.map(({ document }) => document)
    },
  }
}

/** Where `$out` and `$merge` write. */
export function pipelineTarget(scope: CollectionScope): PipelineTarget {
  return {
    async replaceAll(name, documents) {
      const { store } = scope.session
      const target = otherCollection(scope, name)
      const stored = documents.map((document) => toInsert(target, document))
      if (store.backend.begin === undefined) return replaceContents(target, stored)
      await runTransaction(store, (session) => replaceContents({ ...target, session }, stored), {})
    },
    insert: (name, document) =>
      insertEach(otherCollection(scope, name), [toInsert(otherCollection(scope, name), document)]),
    async replace(name, document) {
      await executeWrite(otherCollection(scope, name), writeRequests.replaceOne({ _id: idOf(document) }, document, {}))
    },
    async isUnique(name, paths) {
      const wanted = [...paths].sort().join('\n')
      if (wanted === '_id') return true
      const indexes = await (await open(otherCollection(scope, name))).listIndexes(scope.session.store.context())
      return indexes.some(
        ({ unique, key, partialFilterExpression: partial }) =>
          unique === true &&
          partial === undefined &&
          key
            .map(([path]) => path)
            .sort()
            .join('\n') === wanted,
      )
    },
  }
}

async function replaceContents(target: CollectionScope, documents: readonly Insert[]): Promise<void> {
  await executeWrite(target, writeRequests.deleteMany({}, { work: 'allow' }))
  await insertEach(target, documents)
}

async function insertEach(target: CollectionScope, inserts: readonly Insert[]): Promise<void> {
  const { errors } = await insertAll(target, inserts, {})
  if (errors[0] !== undefined) throw errors[0].error
}
