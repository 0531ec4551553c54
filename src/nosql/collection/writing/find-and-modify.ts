import type { Document, Value } from '../../query/value.ts'
import { copyGiven } from '../../query/copy-given.ts'
import { open, type CollectionScope } from '../collection-scope.ts'
import { copyForCaller } from '../reading/read.ts'
import { idOf } from '../document-id.ts'
import type { Modification, Modified } from './modification.ts'
import { modify } from './modify.ts'
import { prepare, type WriteRequest } from './prepare.ts'
import { projector } from '../reading/projector.ts'
import type { FindAndModifyResult } from '../results.ts'

/** One document, changed and returned. Null when none matched, or when it was upserted and the one before is wanted. */
export async function findAndModify(
  scope: CollectionScope,
  request: WriteRequest,
): Promise<Document | null | FindAndModifyResult<Document, Value>> {
  const { options, source } = request
  const returns = options.returnDocument ?? 'before'
  const { backend } = scope.session.store
  const isByServer = backend.capabilities.evaluates === 'server'
  const projection = isByServer ? (copyGiven(options.projection) as Modification['projection']) : undefined
  const prepared = prepare(scope, { ...request, returns })
  const { project, isComputed } =
    options.projection === undefined
      ? wholeDocument
      : projector(scope, prepared.query, isByServer ? { ...options, projection } : options)
  const needsServer = isByServer && isComputed && backend.aggregation === undefined
  const what = { ...prepared, projection, needsServer }
  const collection = await open(scope, options)
  const done = await modify({ ...scope, options }, collection, { what })
  const wanted = returns === 'after' ? done.after : done.before
  const copy = copyForCaller(collection.returnsOwnDocuments === true)
  const value = wanted && copy(project === undefined || done.projected === true ? wanted : project(wanted))
  return options.includeResultMetadata === true ? withMetadata(value, done, source === null) : value
}

const wholeDocument = { project: undefined, isComputed: false }

function withMetadata(
  value: Document | null,
  { matched, upserted }: Modified,
  deletes: boolean,
): FindAndModifyResult<Document, Value> {
  const n = matched > 0 || upserted !== null ? 1 : 0
  const known = deletes ? { n } : { n, updatedExisting: matched > 0 }
  const inserted = upserted === null ? {} : { upserted: idOf(upserted) }
  return { value, ok: 1, lastErrorObject: { ...known, ...inserted } }
}
