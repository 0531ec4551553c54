import { DuplicateKeyError } from '../../core/errors.ts'
import type { DriverCollection } from '../contract/driver-collection.ts'
import type { Insert } from '../contract/write.ts'
import type { Modified } from './modification.ts'
import type { ReadContext } from './read.ts'
import { sendWrites } from './send-writes.ts'
import { toWriteError } from './write-error.ts'

/** Inserts the document of an upsert. False when another client has inserted the like in between. */
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
