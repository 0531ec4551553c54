import { DuplicateKeyError } from '../../../core/errors.ts'
import type { DriverCollection } from '../../contract/driver-collection.ts'
import type { StoredDocument } from '../../contract/query.ts'
import type { Insert, Write } from '../../contract/write.ts'
import type { Document } from '../../query/value.ts'
import type { Modification, Modified, Step } from './modification.ts'
import { readFirst, type ReadContext } from '../reading/read.ts'
import { sendWrites } from './send-writes.ts'
import { toWriteError } from '../write-error.ts'

/** Changes the first document that matches. False when another client has written it in between. */
export async function changeOne(
  context: ReadContext,
  collection: DriverCollection,
  { what, done }: Step,
): Promise<boolean> {
  const stored = await readFirst(context, collection, what.query)
  if (stored === undefined) return true
  const after = applyOrMarkFailed(context, what, stored.document)
  if (after !== stored.document) {
    const [outcome] = await sendWrites(context, collection, { writes: [toWrite(what, stored, after)], ordered: true })
    if (outcome?.kind === 'conflict') return false
    if (outcome !== undefined && outcome.kind !== 'written') throw toWriteError(context.session, outcome)
    done.modified++
  }
  done.matched++
  done.before = stored.document
  done.after = after
  return true
}

/** Inserts the document of an upsert. False when another client has inserted such a document in between. */
export async function insertMissing(
  context: ReadContext,
  collection: DriverCollection,
  { insert, done, last }: { readonly insert: Insert; readonly done: Modified; readonly last: boolean },
): Promise<boolean> {
  const [outcome] = await sendWrites(context, collection, { writes: [insert], ordered: true })
  if (outcome?.kind === 'conflict') return false
  if (outcome !== undefined && outcome.kind !== 'written') {
    const rival = outcome.kind === 'failed' && outcome.error instanceof DuplicateKeyError
    if (!rival || last || context.session.transactional) throw toWriteError(context.session, outcome)
    return false
  }
  done.upserted = insert.document
  done.after = insert.document
  return true
}

export function toWrite({ change }: Modification, before: StoredDocument, after: Document | null): Write {
  if (after === null) return { kind: 'delete', before }
  return { kind: 'replace', before, document: after, ...(change?.kind === 'replacement' && { replaces: true }) }
}

/** A server would end the transaction for what cannot be applied, so that it ends everywhere. */
export function applyOrMarkFailed(context: ReadContext, what: Modification, document: Document): Document | null {
  try {
    return what.apply(document)
  } catch (error) {
    if (error instanceof Error) context.session.markFailed(error)
    throw error
  }
}
