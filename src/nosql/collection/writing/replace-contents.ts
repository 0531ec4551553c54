import { callContext } from '../../store/store-context.ts'
import { duplicateKey } from '../../contract/duplicate-key.ts'
import { idIndex, type IndexModel } from '../../contract/index-model.ts'
import type { Insert } from '../../contract/write.ts'
import { UnsupportedOperationError } from '../../errors.ts'
import { indexEntries } from '../../keys/index-entries.ts'
import { orderedKey } from '../../keys/ordered-key.ts'
import { compileFilter } from '../../query/filter/compile-filter.ts'
import { parseFilter } from '../../query/filter/parse-filter.ts'
import { runTransaction } from '../../store/transaction.ts'
import { open, type CollectionScope } from '../collection-scope.ts'
import type { MeteredOptions } from '../spending.ts'
import { insertAll } from './insert.ts'
import { executeWrite, writeRequests } from './update.ts'

/**
 * Puts other documents in the place of all that a collection holds: at once where the backend has transactions that are
 * large enough. Elsewhere documents that conflict with each other are refused before the first one is removed.
 *
 * @throws DuplicateKeyError for two of the documents with an equal key of a unique index; nothing is changed then
 */
export async function replaceContents(
  target: CollectionScope,
  documents: readonly Insert[],
  options: MeteredOptions,
): Promise<void> {
  const { store, span } = target.session
  const { begin, capabilities } = store.backend
  if (begin !== undefined && documents.length <= capabilities.transaction.maxWrites) {
    try {
      const { signal, deadline } = options
      return await runTransaction(
        { ...store, span },
        (session) => replaceAll({ ...target, session }, documents, options),
        { signal, deadline },
      )
    } catch (error) {
      // What is there does not fit beside what replaces it.
      if (!(error instanceof UnsupportedOperationError)) throw error
    }
  }
  const indexes = await (await open(target, options)).listIndexes(callContext(target.session, options))
  for (const index of [idIndex, ...indexes]) if (index.unique === true) assertDistinct(target.name, index, documents)
  await replaceAll(target, documents, options)
}

async function replaceAll(
  target: CollectionScope,
  documents: readonly Insert[],
  options: MeteredOptions,
): Promise<void> {
  const everything = writeRequests.deleteMany({}, {})
  await executeWrite(target, { ...everything, options: { ...options, scans: 'allow' } })
  const { errors } = await insertAll(target, documents, options)
  if (errors[0] !== undefined) throw errors[0].error
}

function assertDistinct(collection: string, index: IndexModel, documents: readonly Insert[]): void {
  const { partialFilterExpression: partial } = index
  const rules = { ...index, includes: partial && compileFilter(parseFilter(partial)) }
  const taken = new Set<string>()
  for (const { document } of documents) {
    for (const values of indexEntries(rules, document)) {
      const key = orderedKey(values.map((value) => [value, 1])).join()
      if (taken.has(key)) throw duplicateKey(collection, index)
      taken.add(key)
    }
  }
}
